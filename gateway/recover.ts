// Opens what an earlier gateway left in its outbox, however it ended. A torn tail is cut off: nothing in it was durable, so
// nothing in it was sent. What cannot be read is set aside, never deleted, and no sequence number is ever used twice for it.
import { join } from 'node:path';
import { messageOf, rejected } from '../src/kit/faults.ts';
import type { Logger } from '../src/kit/log.ts';
import type { Disk } from './disk.ts';
import { FRAME_HEAD_BYTES, scanFrames } from './frame.ts';
import {
  baseOf,
  SEGMENT_HEAD_BYTES_MAX,
  headOf,
  releasedBy,
  type Owner,
  type Segment,
  type SegmentHead,
} from './segment.ts';

/** What is there to go on with. The last segment is the one to be written to. */
export interface Recovered {
  readonly epoch: string;
  readonly segments: Segment[];
  /** Everything up to here need not be held. */
  readonly released: number;
  /** The highest number that is or was stored. */
  readonly newest: number;
  readonly nextSeq: number;
}

interface Found {
  readonly segment: Segment;
  /** Or why there is none. */
  readonly head: SegmentHead | string;
}

/** The folder for what cannot be read. */
export const UNREADABLE_FOLDER = 'unreadable';

/**
 * Undefined when the folder holds no outbox, or none that can be read: it begins with a new epoch.
 * Throws a `rejected` fault `other-gateway` when the outbox is somebody else's.
 */
export async function recover(disk: Disk, folder: string, owner: Owner, log: Logger): Promise<Recovered | undefined> {
  const found = await findSegments(disk, folder);
  const heads = found.flatMap(({ head }) => (typeof head === 'string' ? [] : [head]));
  for (const head of heads) refuseOthers(head, owner, folder);
  const epoch = heads.at(-1)?.epoch;
  const kept: Segment[] = [];
  // The first number that nothing set aside behind the last segment can have held: none is used twice.
  let beyond = 1;
  const setAside = async (segment: Segment, reason: string): Promise<void> => {
    await moveAside(disk, folder, segment, reason, log);
    beyond = Math.max(beyond, segment.base + Math.ceil(segment.bytes / FRAME_HEAD_BYTES));
  };
  for (const { segment, head } of found) {
    if (typeof head === 'string') await setAside(segment, head);
    else if (head.epoch !== epoch) await setAside(segment, `it is of epoch ${head.epoch}, the newest is of ${epoch}`);
    else {
      kept.push(segment);
      beyond = 1;
    }
  }
  if (epoch === undefined) return undefined;
  for (let last = kept.at(-1); last !== undefined; last = kept.at(-1)) {
    const tail = await mendTail(disk, last, log).catch((error: unknown) => messageOf(error));
    if (typeof tail !== 'string') {
      const released = Math.max(tail.released, kept[0]!.base - 1);
      const newest = tail.lastSeq;
      return { epoch, segments: kept, released, newest, nextSeq: Math.max(newest + 1, beyond) };
    }
    await setAside(last, tail);
    kept.pop();
  }
  return undefined;
}

async function findSegments(disk: Disk, folder: string): Promise<Found[]> {
  const names = (await disk.list(folder)).filter((name) => baseOf(name) !== undefined).sort();
  const found: Found[] = [];
  for (const [index, name] of names.entries()) {
    const segment = { base: baseOf(name)!, path: join(folder, name), bytes: 0 };
    const head = await readHead(disk, segment).catch((error: unknown) => messageOf(error));
    // Killed while it was begun: nothing was stored in it yet.
    if (head === undefined && index === names.length - 1 && segment.bytes < SEGMENT_HEAD_BYTES_MAX) {
      await disk.remove(segment.path);
    } else found.push({ segment, head: head ?? 'it does not begin as a segment does' });
  }
  return found;
}

/** Undefined when the file does not begin with a head. */
async function readHead(disk: Disk, segment: Segment): Promise<SegmentHead | undefined> {
  const file = await disk.open(segment.path, false);
  try {
    segment.bytes = await file.size();
    return headOf(await file.read(0, Math.min(segment.bytes, SEGMENT_HEAD_BYTES_MAX)));
  } finally {
    await file.close();
  }
}

function refuseOthers(head: SegmentHead, owner: Owner, folder: string): void {
  if (head.site === owner.site && head.gateway === owner.gateway) return;
  throw rejected(
    'other-gateway',
    `The outbox in ${folder} is that of gateway ${head.gateway} of site ${head.site}. ` +
      `Give gateway ${owner.gateway} of site ${owner.site} a folder of its own with --outbox.`,
  );
}

async function moveAside(disk: Disk, folder: string, segment: Segment, reason: string, log: Logger): Promise<void> {
  const place = join(folder, UNREADABLE_FOLDER);
  await disk.makeFolder(place);
  const to = join(place, `${Date.now()}-${segment.base}.seg`);
  await disk.move(segment.path, to);
  log.error(
    { file: segment.path, bytes: segment.bytes, movedTo: to, reason },
    'a file of the outbox cannot be used: what was in it is lost unless somebody recovers it by hand',
  );
}

/** Cuts off what was being written when the process ended. */
async function mendTail(disk: Disk, segment: Segment, log: Logger): Promise<{ lastSeq: number; released: number }> {
  const file = await disk.open(segment.path, false);
  try {
    const { frames, end } = scanFrames(await file.read(0, segment.bytes));
    if (end < segment.bytes) {
      log.info(
        { file: segment.path, bytes: segment.bytes - end },
        'the last write to the outbox was cut short by the end of the process; nothing in it had been stored or sent',
      );
      await file.truncate(end);
      segment.bytes = end;
    }
    await file.sync(); // what was written and never synced is from now on relied upon
    const lastSeq = frames.reduce((last, frame) => Math.max(last, frame.seq), segment.base - 1);
    return { lastSeq, released: frames.reduce((most, frame) => Math.max(most, releasedBy(frame) ?? 0), 0) };
  } finally {
    await file.close();
  }
}
