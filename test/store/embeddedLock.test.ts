// src/store/instanceLock.ts: one Tallygate a data folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/kit/ids.ts';
import { lockInstance, type InstanceLock } from '../../src/store/instanceLock.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallygate-lock-'));
  file = join(folder, 'tallygate.lock');
});

afterEach(() => rm(folder, { recursive: true }));

describe('the lock', () => {
  it('is held once, names its holder, and can be taken again when released', async () => {
    const lock = await lockInstance(folder);
    const refused = lockInstance(folder);
    await expect(refused).rejects.toMatchObject({
      kind: 'conflict',
      code: 'already-running',
      message: expect.stringMatching(new RegExp(`process ${process.pid}\\) is using ${folder}`)),
    });
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockInstance(folder)).release();
  });

  it('of another name is another lock', async () => {
    const locks = [await lockInstance(folder), await lockInstance(folder, 'postgres')];
    expect((await readdir(folder)).toSorted()).toEqual(['postgres.lock', 'tallygate.lock']);
    await Promise.all(locks.map((lock) => lock.release()));
  });

  it('goes to exactly one of many that come at once', async () => {
    expect(await winnersOf(20)).toHaveLength(1);
  });

  it('does not release what somebody else holds by now', async () => {
    const lock = await lockInstance(folder);
    await writeFile(file, 'somebody else');
    await lock.release();
    expect(await readFile(file, 'utf8')).toBe('somebody else');
  });
});

describe('a lock that was left behind', () => {
  it.each([
    ['by a process that has ended', async () => ({ pid: await deadPid() })],
    ['by a process whose pid another program has now', () => Promise.resolve({ startedAt: 'long ago' })],
    ['before the machine was restarted', () => Promise.resolve({ boot: 'another boot' })],
  ])('%s is taken over by exactly one', async (_, changes) => {
    await leaveLock(await changes());
    const [winner, ...others] = await winnersOf(20);
    expect(others).toEqual([]);
    expect(await readdir(folder)).toEqual(['tallygate.lock']);
    await winner!.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over though an earlier taker was killed in the middle', async () => {
    const stale = await leaveLock({ startedAt: 'long ago' });
    await writeFile(`${file}.${sha256Hex(stale).slice(0, 12)}`, stale.replace('long ago', 'not so long ago'));
    expect(await winnersOf(20)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['tallygate.lock']);
  });

  it('empty or unreadable is taken over', async () => {
    for (const content of ['', '{"pid":"x"}', '{"pid":']) {
      await writeFile(file, content);
      const lock = await lockInstance(folder);
      expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
      await lock.release();
    }
  });
});

describe('a lock of another container, whose processes cannot be seen,', () => {
  it('is respected while its holder touches it', async () => {
    await leaveLock({ pidNamespace: 'pid:[1]' });
    const heartbeat = setInterval(() => void utimes(file, new Date(), new Date()), 100);
    await expect(lockInstance(folder)).rejects.toMatchObject({ code: 'already-running' });
    clearInterval(heartbeat);
  });

  it('is taken over after some seconds of silence', async () => {
    await leaveLock({ host: 'another-container', pidNamespace: 'pid:[1]' });
    const lock = await lockInstance(folder);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  }, 15_000);
});

/** Takes the lock many times at once and returns those that got it; all others must have been refused. */
async function winnersOf(count: number): Promise<InstanceLock[]> {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => lockInstance(folder)));
  const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled').map((outcome) => outcome.value);
  const refused = outcomes
    .filter((outcome) => outcome.status === 'rejected')
    .map((outcome) => outcome.reason as unknown);
  for (const reason of refused) expect(reason).toMatchObject({ code: 'already-running' });
  return winners;
}

/** Writes a lock like one of this process, with some things changed, and returns its content. */
async function leaveLock(changes: Record<string, unknown>): Promise<string> {
  const lock = await lockInstance(folder);
  const content = JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...changes });
  await lock.release();
  await writeFile(file, content);
  return content;
}

async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid!;
}
