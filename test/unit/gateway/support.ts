// What the gateway's tests share: a folder that goes away, a log that can be read, a disk that can be full.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { afterEach } from 'vitest';
import { HEAD_BYTES_MAX, type Draft } from '../../../gateway/batch.ts';
import { realDisk, type Disk } from '../../../gateway/disk.ts';
import { openOutbox, type Outbox, type OutboxOptions } from '../../../gateway/outbox.ts';
import type { Place } from '../../../gateway/outboxReader.ts';
import type { Stored } from '../../../gateway/segment.ts';
import type { EnvelopeMessage } from '../../../src/wire/envelope.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Runs after the test, the last one first. */
export const afterTest = (close: () => unknown): void => void closing.push(close);

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-gateway-'));
  afterTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [name: string]: unknown;
}

export const WARN = 40;
export const ERROR = 50;

export interface TestLog extends Logger {
  readonly lines: LogLine[];
}

export function testLog(): TestLog {
  const lines: LogLine[] = [];
  const log = pino(
    { level: 'debug', base: null },
    { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) },
  );
  return Object.assign(log, { lines });
}

export const OWNER = { site: 'DC1', gateway: 'gw-1' };

export async function testOutbox(options: Partial<OutboxOptions> & { readonly folder: string }): Promise<Outbox> {
  const outbox = await openOutbox({
    ...OWNER,
    bytesMax: 1024 ** 3,
    heldBytesMax: 1024 ** 2,
    retryMs: 5,
    clock: () => Date.UTC(2026, 10, 23, 12),
    log: testLog(),
    ...options,
  });
  afterTest(() => outbox.close());
  return outbox;
}

/** A draft of one measure with this value, padded to about so many bytes. */
export function draftOf(value: number, bytes = 0): Draft {
  const entry = { device: 'scale', name: 'weight', value, at: '2026-11-23T12:00:00.000Z', unit: '' };
  entry.unit = 'x'.repeat(Math.max(0, bytes - HEAD_BYTES_MAX - JSON.stringify(entry).length));
  return { entries: 1, body: Buffer.from(`"measures":[${JSON.stringify(entry)}]`) };
}

export const envelopeOf = ({ bytes }: Stored): EnvelopeMessage => JSON.parse(bytes.toString('utf8')) as EnvelopeMessage;
export const valueOf = (stored: Stored): number | undefined => envelopeOf(stored).measures?.[0]?.value;

/** Everything that can be read now. */
export async function readAll(outbox: Outbox): Promise<Stored[]> {
  const all: Stored[] = [];
  let place: Place | undefined;
  for (;;) {
    const { envelopes, next } = await outbox.read(place);
    if (envelopes.length === 0) return all;
    all.push(...envelopes.map(({ seq, bytes }) => ({ seq, bytes: Buffer.from(bytes) })));
    place = next;
  }
}

export interface FaultyDisk extends Disk {
  /** Bytes that can still be written; then a write takes what fits and fails with ENOSPC. */
  room: number;
  /** Syncs that still succeed; then they fail with EIO. */
  syncs: number;
  synced: number;
  /** Told before every sync; what it waits for, the sync waits for. */
  beforeSync: () => Promise<void>;
}

export function faultyDisk(): FaultyDisk {
  const disk: FaultyDisk = {
    ...realDisk,
    room: Infinity,
    syncs: Infinity,
    synced: 0,
    beforeSync: () => Promise.resolve(),
    async open(path, create) {
      const file = await realDisk.open(path, create);
      return {
        ...file,
        async write(bytes, position) {
          const fits = Math.min(bytes.length, Math.max(0, disk.room));
          await file.write(bytes.subarray(0, fits), position);
          disk.room -= fits;
          if (fits < bytes.length)
            throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        },
        async sync() {
          await disk.beforeSync();
          if (disk.syncs-- <= 0) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
          disk.synced++;
          await file.sync();
        },
      };
    },
  };
  return disk;
}
