// The outbox: what went in durable comes out, byte for byte, after anything.
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { NOTHING } from '../../../gateway/outbox.ts';
import { decodeEnvelope } from '../../../src/wire/envelope.ts';
import { draftOf, envelopeOf, ERROR, faultyDisk, newFolder, readAll, testLog, testOutbox, valueOf } from './support.ts';

const segmentsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.seg'))
    .sort();

describe('the outbox', () => {
  it('gives envelopes out as they went in, numbered from 1, in order', async () => {
    const outbox = await testOutbox({ folder: newFolder() });
    const stored = await Promise.all([7, 8, 9].map((value) => outbox.append(draftOf(value))));
    const read = await readAll(outbox);
    expect(read).toEqual(stored);
    expect(read.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(read.map(valueOf)).toEqual([7, 8, 9]);
    expect(envelopeOf(read[2]!)).toMatchObject({
      v: 1,
      epoch: outbox.epoch,
      seq: 3,
      oldest: 1,
      sentAt: '2026-11-23T12:00:00.000Z',
    });
    expect(decodeEnvelope(read[0]!.bytes, () => true)).toMatchObject({ seq: 1, unknownFields: 0, rejects: [] });
  });

  it('goes on where it was after it was opened again: same epoch, same bytes, next number', async () => {
    const folder = newFolder();
    const first = await testOutbox({ folder });
    await first.append(draftOf(1));
    await first.append(draftOf(2));
    const before = await readAll(first);
    await first.close();
    const second = await testOutbox({ folder });
    expect(second.epoch).toBe(first.epoch);
    expect(await readAll(second)).toEqual(before);
    expect((await second.append(draftOf(3)))?.seq).toBe(3);
  });

  it('writes an envelope that says nothing but its head', async () => {
    const outbox = await testOutbox({ folder: newFolder() });
    await outbox.append(draftOf(1));
    outbox.release(1);
    const stored = await outbox.append(NOTHING);
    expect(decodeEnvelope(stored!.bytes, () => true)).toMatchObject({
      seq: 2,
      oldest: 2,
      unknownFields: 0,
      rejects: [],
    });
  });

  it('says in an envelope what was oldest when it entered, and never changes it', async () => {
    const folder = newFolder();
    const outbox = await testOutbox({ folder });
    for (const value of [1, 2, 3]) await outbox.append(draftOf(value));
    outbox.release(2);
    await outbox.append(draftOf(4));
    expect((await readAll(outbox)).map((each) => envelopeOf(each).oldest)).toEqual([1, 3]);
    await outbox.close();
    const again = await testOutbox({ folder });
    expect((await readAll(again)).map((each) => [each.seq, envelopeOf(each).oldest])).toEqual([
      [3, 1],
      [4, 3],
    ]);
  });

  it('syncs once for all that waits', async () => {
    const disk = faultyDisk();
    const outbox = await testOutbox({ folder: newFolder(), disk });
    await outbox.append(draftOf(0)); // begins the segment
    disk.synced = 0;
    await Promise.all(Array.from({ length: 100 }, (_, value) => outbox.append(draftOf(value))));
    expect(disk.synced).toBe(1);
  });

  it('gives nothing out that is not durable yet', async () => {
    const disk = faultyDisk();
    const outbox = await testOutbox({ folder: newFolder(), disk });
    await outbox.append(draftOf(1));
    const held: (() => void)[] = [];
    disk.beforeSync = () => new Promise((resolve) => held.push(resolve));
    const appending = outbox.append(draftOf(2));
    await vi.waitFor(() => expect(held).toHaveLength(1));
    expect((await readAll(outbox)).map(valueOf)).toEqual([1]);
    held[0]!();
    await appending;
    expect((await readAll(outbox)).map(valueOf)).toEqual([1, 2]);
  });

  it('removes whole segments when a receipt covers them, and keeps its number when all are gone', async () => {
    const folder = newFolder();
    const outbox = await testOutbox({ folder, segmentBytes: 2000 });
    for (let value = 1; value <= 20; value++) await outbox.append(draftOf(value, 500));
    expect(segmentsIn(folder).length).toBeGreaterThan(3);
    outbox.release(20);
    await outbox.close();
    expect(segmentsIn(folder)).toHaveLength(1);
    const again = await testOutbox({ folder, segmentBytes: 2000 });
    expect(await readAll(again)).toEqual([]);
    expect(again.figures()).toMatchObject({ backlog: 0, oldest: 21, newest: 20 });
    expect((await again.append(draftOf(21)))?.seq).toBe(21);
  });

  it('drops the oldest at its bound, moves on `oldest`, counts and says so', async () => {
    const log = testLog();
    const outbox = await testOutbox({ folder: newFolder(), bytesMax: 20_000, segmentBytes: 2000, log });
    for (let value = 1; value <= 100; value++) await outbox.append(draftOf(value, 500));
    const { dropped, oldest, diskBytes, backlog } = outbox.figures();
    expect(diskBytes).toBeLessThanOrEqual(20_000);
    expect(dropped).toBeGreaterThan(40);
    expect(oldest).toBe(dropped + 1);
    const read = await readAll(outbox);
    expect(read.map(({ seq }) => seq)).toEqual(Array.from({ length: backlog }, (_, index) => oldest + index));
    expect(envelopeOf(read.at(-1)!).oldest).toBe(oldest);
    const told = log.lines.filter(({ level }) => level === ERROR);
    expect(told.at(-1)).toMatchObject({ droppedSinceStart: dropped, to: oldest - 1 });
  });

  it('goes on reading where it was while the oldest are dropped', async () => {
    const outbox = await testOutbox({ folder: newFolder(), bytesMax: 20_000, segmentBytes: 2000 });
    for (let value = 1; value <= 30; value++) await outbox.append(draftOf(value, 500));
    const { next } = await outbox.read();
    for (let value = 31; value <= 100; value++) await outbox.append(draftOf(value, 500));
    const { envelopes } = await outbox.read(next);
    expect(envelopes[0]!.seq).toBe(outbox.oldest);
  });

  it('refuses the outbox of another gateway', async () => {
    const folder = newFolder();
    await (await testOutbox({ folder })).append(draftOf(1));
    await expect(testOutbox({ folder, gateway: 'gw-2' })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'other-gateway',
    });
  });

  it('goes on behind numbers that somebody else has used', async () => {
    const outbox = await testOutbox({ folder: newFolder() });
    await outbox.append(draftOf(1));
    outbox.skipTo(200);
    expect((await outbox.append(draftOf(2)))?.seq).toBe(201);
    expect((await readAll(outbox)).map(({ seq }) => seq)).toEqual([1, 201]);
  });
});

describe('after a kill', () => {
  it(
    'has everything before a tail torn at any byte, and reuses the number of what was torn',
    { timeout: 30_000 },
    async () => {
      const source = newFolder();
      const outbox = await testOutbox({ folder: source });
      await outbox.append(draftOf(1));
      await outbox.append(draftOf(2));
      const [name] = segmentsIn(source);
      const before = readFileSync(join(source, name!)).length;
      const whole = await readAll(outbox);
      await outbox.append(draftOf(3));
      await outbox.close();
      const bytes = readFileSync(join(source, name!));
      const folder = newFolder();
      for (let length = before; length < bytes.length; length++) {
        writeFileSync(join(folder, name!), bytes.subarray(0, length));
        const log = testLog();
        const torn = await testOutbox({ folder, log });
        expect(torn.epoch).toBe(outbox.epoch);
        expect(await readAll(torn)).toEqual(whole);
        expect((await torn.append(draftOf(length)))?.seq).toBe(3);
        expect((await readAll(torn)).map(valueOf)).toEqual([1, 2, length]);
        expect(log.lines.filter(({ level }) => level > 30)).toEqual([]);
        await torn.close();
        const again = await testOutbox({ folder });
        expect((await readAll(again)).map(valueOf)).toEqual([1, 2, length]);
        expect(again.figures().dropped).toBe(0);
        await again.close();
      }
    },
  );

  it('begins with a new epoch when the first segment was torn while it was begun', async () => {
    const source = newFolder();
    const outbox = await testOutbox({ folder: source });
    await outbox.append(NOTHING);
    await outbox.close();
    const [name] = segmentsIn(source);
    const bytes = readFileSync(join(source, name!));
    const headBytes = bytes.indexOf('}') + 1;
    for (const length of [0, 1, 19, 20, headBytes - 1]) {
      const folder = newFolder();
      writeFileSync(join(folder, name!), bytes.subarray(0, length));
      const log = testLog();
      const torn = await testOutbox({ folder, log });
      expect(torn.epoch).not.toBe(outbox.epoch);
      expect((await torn.append(draftOf(1)))?.seq).toBe(1);
      expect(log.lines.filter(({ level }) => level >= ERROR)).toEqual([]);
    }
  });

  it('forgets a later segment that was torn while it was begun', async () => {
    const folder = newFolder();
    const outbox = await testOutbox({ folder, segmentBytes: 2000 });
    for (let value = 1; value <= 10; value++) await outbox.append(draftOf(value, 500));
    const before = await readAll(outbox);
    await outbox.close();
    writeFileSync(join(folder, '0000000000000011.seg'), 'TG');
    const again = await testOutbox({ folder, segmentBytes: 2000 });
    expect(again.epoch).toBe(outbox.epoch);
    expect(await readAll(again)).toEqual(before);
    expect((await again.append(draftOf(11)))?.seq).toBe(11);
  });
});

describe('on a disk in trouble', () => {
  it('holds what comes while the disk is full, and writes it when there is room', async () => {
    const disk = faultyDisk();
    const log = testLog();
    const folder = newFolder();
    const outbox = await testOutbox({ folder, disk, log });
    await outbox.append(draftOf(1));
    disk.room = 100; // a part of the next frame is written
    const waiting = [2, 3, 4].map((value) => outbox.append(draftOf(value)));
    await vi.waitFor(() => expect(outbox.figures().trouble).toMatch('ENOSPC'));
    expect((await readAll(outbox)).map(valueOf)).toEqual([1]);
    disk.room = Infinity;
    expect((await Promise.all(waiting)).map((stored) => stored?.seq)).toEqual([2, 3, 4]);
    expect(outbox.figures()).toMatchObject({ trouble: undefined, dropped: 0, heldBytes: 0 });
    const levels = log.lines.map(({ level, msg }) => `${level} ${msg.slice(0, 29)}`);
    expect(levels).toEqual(['50 the outbox cannot be written:', '30 the outbox can be written aga']);
    await outbox.close();
    expect((await readAll(await testOutbox({ folder }))).map(valueOf)).toEqual([1, 2, 3, 4]);
  });

  it('refuses what exceeds its memory, skips its numbers and counts it', async () => {
    const disk = faultyDisk();
    const log = testLog();
    const outbox = await testOutbox({ folder: newFolder(), disk, log, heldBytesMax: 3000 });
    await outbox.append(draftOf(1));
    disk.room = 0;
    const waiting = Array.from({ length: 10 }, (_, index) => outbox.append(draftOf(index + 2, 1000)));
    await vi.waitFor(() => expect(outbox.figures().trouble).toBeDefined());
    const room = outbox.room();
    expect(room).toBeInstanceOf(Promise);
    disk.room = Infinity;
    await room;
    const results = await Promise.all(waiting);
    const lost = results.filter((stored) => stored === undefined).length;
    expect(lost).toBeGreaterThan(5);
    expect(outbox.figures().dropped).toBe(lost);
    // The service sees the hole, because the next number comes behind it.
    expect((await outbox.append(draftOf(99)))?.seq).toBe(1 + 10 + 1);
    expect(log.lines.filter(({ msg }) => msg.includes('reads are being lost'))).toHaveLength(1);
  });

  it('does not trust what a failed sync left behind', async () => {
    const disk = faultyDisk();
    const folder = newFolder();
    const outbox = await testOutbox({ folder, disk });
    await outbox.append(draftOf(1));
    disk.syncs = 0;
    const waiting = [2, 3].map((value) => outbox.append(draftOf(value)));
    await vi.waitFor(() => expect(outbox.figures().trouble).toMatch('EIO'));
    expect((await readAll(outbox)).map(valueOf)).toEqual([1]);
    disk.syncs = Infinity;
    await Promise.all(waiting);
    await outbox.close();
    expect((await readAll(await testOutbox({ folder }))).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('steps over damage in the middle, says what it cost, and never uses a number twice', async () => {
    const folder = newFolder();
    const outbox = await testOutbox({ folder });
    for (let value = 1; value <= 9; value++) await outbox.append(draftOf(value, 500));
    await outbox.close();
    const file = join(folder, segmentsIn(folder)[0]!);
    const bytes = readFileSync(file);
    bytes.fill(0, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 40);
    writeFileSync(file, bytes);
    const log = testLog();
    const again = await testOutbox({ folder, log });
    const seqs = (await readAll(again)).map(({ seq }) => seq);
    const { dropped } = again.figures();
    expect(dropped).toBeGreaterThanOrEqual(1);
    expect(dropped).toBeLessThanOrEqual(2);
    expect(seqs).toHaveLength(9 - dropped);
    expect(log.lines.filter(({ level }) => level === ERROR)).toHaveLength(1);
    expect((await again.append(draftOf(10)))?.seq).toBe(10);
  });

  it('has lost what a file lost behind its back', async () => {
    const folder = newFolder();
    const outbox = await testOutbox({ folder, segmentBytes: 2000 });
    for (let value = 1; value <= 12; value++) await outbox.append(draftOf(value, 500));
    await outbox.close();
    truncateSync(join(folder, segmentsIn(folder)[0]!), 900);
    const log = testLog();
    const again = await testOutbox({ folder, segmentBytes: 2000, log });
    const seqs = (await readAll(again)).map(({ seq }) => seq);
    expect(seqs[0]).toBe(1);
    expect(seqs.at(-1)).toBe(12);
    expect(again.figures().dropped).toBe(12 - seqs.length);
    expect(again.figures().dropped).toBeGreaterThan(0);
  });

  it('sets a segment aside that is none, keeps the epoch and skips the numbers it may have held', async () => {
    const folder = newFolder();
    const outbox = await testOutbox({ folder, segmentBytes: 2000 });
    for (let value = 1; value <= 8; value++) await outbox.append(draftOf(value, 500));
    await outbox.close();
    const last = segmentsIn(folder).at(-1)!;
    writeFileSync(join(folder, last), Buffer.alloc(2000, 'x'));
    const log = testLog();
    const again = await testOutbox({ folder, segmentBytes: 2000, log });
    expect(again.epoch).toBe(outbox.epoch);
    expect(readdirSync(join(folder, 'unreadable'))).toHaveLength(1);
    expect((await again.append(draftOf(9)))!.seq).toBeGreaterThan(8);
    expect(log.lines.filter(({ level }) => level === ERROR)).toHaveLength(1);
  });

  it('begins a new epoch when nothing can be read, and keeps the files for a person', async () => {
    const folder = newFolder();
    const outbox = await testOutbox({ folder });
    await outbox.append(draftOf(1, 2000));
    await outbox.close();
    const [name] = segmentsIn(folder);
    const bytes = readFileSync(join(folder, name!));
    bytes.fill(0, 0, 200);
    writeFileSync(join(folder, name!), bytes);
    const log = testLog();
    const again = await testOutbox({ folder, log });
    expect(again.epoch).not.toBe(outbox.epoch);
    expect((await again.append(draftOf(1)))?.seq).toBe(1);
    expect(readdirSync(join(folder, 'unreadable'))).toHaveLength(1);
    expect(log.lines.filter(({ level }) => level === ERROR)).toHaveLength(1);
  });

  it('does not begin a segment anew that holds nothing but notes', async () => {
    const folder = newFolder();
    const disk = faultyDisk();
    const killed = await testOutbox({ folder, segmentBytes: 2000, disk });
    for (let value = 1; value <= 80; value++) await killed.append(draftOf(value, 500));
    // The next segment is begun, and nothing gets into it before the kill.
    while (segmentsIn(folder).at(-1)! < '0000000000000081.seg') {
      disk.room = 260;
      void killed.append(draftOf(0, 500));
      await vi.waitFor(() => expect(killed.figures().trouble).toBeDefined());
    }
    const copy = newFolder();
    await cp(folder, copy, { recursive: true });
    disk.room = Infinity;

    const outbox = await testOutbox({ folder: copy, segmentBytes: 2000 });
    const last = join(copy, segmentsIn(copy).at(-1)!);
    for (let through = 1; through < 80; through++) {
      const before = statSync(last).size;
      outbox.release(through);
      await vi.waitFor(() => expect(statSync(last).size).toBeGreaterThan(before), { interval: 1 });
    }
    expect(statSync(last).size).toBeGreaterThan(2000);
    await outbox.append(draftOf(81));
    outbox.release(80);
    await outbox.close();
    expect((await readAll(await testOutbox({ folder: copy }))).map(valueOf)).toEqual([81]);
  });

  it('ends when it cannot write, in bounded time, and says what was lost', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const disk = faultyDisk();
      const log = testLog();
      const outbox = await testOutbox({ folder: newFolder(), disk, log });
      await outbox.append(draftOf(1));
      disk.room = 0;
      const waiting = outbox.append(draftOf(2));
      const closed = outbox.close();
      await vi.waitFor(() => expect(outbox.figures().trouble).toBeDefined());
      await vi.advanceTimersByTimeAsync(6000);
      await closed;
      expect(await waiting).toBeUndefined();
      expect(log.lines.at(-1)).toMatchObject({ level: ERROR, entries: 1 });
    } finally {
      vi.useRealTimers();
    }
  });
});

it('a copied folder opens like its original', async () => {
  const folder = newFolder();
  const outbox = await testOutbox({ folder });
  await outbox.append(draftOf(1));
  const copy = newFolder();
  await cp(folder, copy, { recursive: true });
  expect((await testOutbox({ folder: copy })).epoch).toBe(outbox.epoch);
  expect(existsSync(join(copy, 'unreadable'))).toBe(false);
});
