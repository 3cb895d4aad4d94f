// The recorded dock door (test/data/dock-door): three runs of a pallet of 100 tags driven through a door twenty times each,
// among 100 parked tags, with the truth. Scored as its README says: within 5 s, right direction; parked windows of 10 s.
import { readFileSync } from 'node:fs';
import { planSite, type SitePlan } from '../../src/config/plan.ts';
import { rejected } from '../../src/kit/faults.ts';
import { replay } from '../../src/commands/replay.ts';
import type { MovementJson, PassageJson } from '../../src/wire/movement.ts';
import { formatTime } from '../../src/wire/time.ts';
import { createItemTestParser, type ReadObservation } from '../replay/itemTest.ts';
import { score, type Crossing, type Score } from './match.ts';

export const RUNS = ['1m', '3m', '5m'] as const;
export const TOLERANCE_MS = 5000;
const PARKED_WINDOW_MS = 10_000;
/** A simulated gateway sends what it has this often. */
const LINGER_MS = 200;
const FOLDER = new URL('../../test/data/dock-door/', import.meta.url);

export interface RecordedScore {
  readonly run: string;
  readonly reads: number;
  /** What was posted, and what led (posted or left to a person). */
  readonly posted: Score;
  readonly leading: Score;
  /** Windows of 10 s in which a parked tag was read, and those in which one was posted to move. */
  readonly parkedWindows: number;
  readonly parkedMoved: number;
  /** Crossings of the pallet that were found with their direction, of how many; and groups found where nothing crossed. */
  readonly crossingsRight: number;
  readonly crossings: number;
  readonly extraGroups: number;
  /** Faults of the installation found: it has none. */
  readonly findings: number;
}

/** The door of the recording: antennas 1 and 2 look at the inside, 3 and 4 at the outside. */
export const recordedSite = (): SitePlan =>
  planSite({
    file: {
      site: 'DOOR',
      locations: [{ id: 'DOCK', kind: 'dock' }],
      readPoints: [
        {
          id: 'DOOR-1',
          kind: 'portal',
          outside: 'world',
          inside: 'DOCK',
          antennas: [1, 2, 3, 4].map((antenna) => ({
            reader: 'door-1',
            antenna,
            side: antenna <= 2 ? 'inside' : 'outside',
          })),
        },
      ],
    },
  });

/** Throws `no-recordings` where the data of the tests has not been installed. */
function text(name: string): string {
  try {
    return readFileSync(new URL(name, FOLDER), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw rejected(
      'no-recordings',
      'The recorded dock door is not part of this installation: run score in a checkout of the project.',
    );
  }
}
const lines = (name: string): string[] => text(name).trim().split(/\r?\n/);

export interface Recording {
  readonly reads: readonly ReadObservation[];
  readonly moving: ReadonlySet<string>;
  readonly parked: ReadonlySet<string>;
  readonly crossings: readonly { readonly at: number; readonly direction: 'in' | 'out' }[];
}

export function recording(run: string): Recording {
  return {
    reads: readsOf(`run-${run}.csv`),
    moving: new Set(lines('moving.txt')),
    parked: new Set(
      lines('stationary.csv')
        .slice(1)
        .map((line) => line.split(',')[0]!),
    ),
    crossings: lines(`crossings-${run}.csv`)
      .slice(1)
      .map((line) => line.split(','))
      .map(([at, direction]) => ({ at: Date.parse(at!), direction: direction as 'in' | 'out' })),
  };
}

function readsOf(file: string): ReadObservation[] {
  const { line } = createItemTestParser((antenna) => ({ reader: 'door-1', antenna }));
  return lines(file)
    .map((one) => line(one))
    .filter((read) => read !== undefined)
    .sort((a, b) => a.at - b.at);
}

/** The reads as lines for `replay`: envelopes of a gateway that sends five times a second. */
export function* envelopesOf(reads: readonly ReadObservation[]): Generator<string> {
  let seq = 0;
  let batch: ReadObservation[] = [];
  let until = reads[0]!.at + LINGER_MS;
  const envelope = (): string =>
    JSON.stringify({
      v: 1,
      site: 'DOOR',
      gateway: 'gw-1',
      epoch: 'recorded',
      seq: ++seq,
      oldest: 1,
      sentAt: formatTime(until),
      reads: batch.map(({ read }) => ({ ...read, seenAt: formatTime(read.seenAt) })),
    });
  for (const read of reads) {
    while (read.at >= until) {
      if (batch.length > 0) yield envelope();
      batch = [];
      until += LINGER_MS;
    }
    batch.push(read);
  }
  if (batch.length > 0) yield envelope();
}

export async function scoreRecorded(run: string): Promise<RecordedScore> {
  const recorded = recording(run);
  const { movements, passages, findings } = await replay(recordedSite(), envelopesOf(recorded.reads));
  const truth = recorded.crossings.flatMap(({ at, direction }) =>
    [...recorded.moving].map((epc): Crossing => ({ epc, readPoint: 'DOOR-1', direction, at })),
  );
  const posted = movements.map((movement) => crossingOf(movement));
  const leading = passages
    .filter((passage) => passage.leading === 'in' || passage.leading === 'out')
    .map((passage) => leadingOf(passage));
  return {
    run,
    reads: recorded.reads.length,
    posted: score(truth, posted, TOLERANCE_MS),
    leading: score(truth, leading, TOLERANCE_MS),
    ...parkedOf(recorded, posted),
    ...groupsOf(recorded, passages),
    findings: findings.length,
  };
}

export const crossingOf = ({ epc, to, happenedAt, readPoint }: MovementJson): Crossing => ({
  epc: epc!,
  readPoint: readPoint!,
  direction: to === 'world' ? 'out' : 'in',
  at: Date.parse(happenedAt),
});

export const leadingOf = ({ epc, leading, crossedAt, readPoint }: PassageJson): Crossing => ({
  epc,
  readPoint,
  direction: leading === 'out' ? 'out' : 'in',
  at: Date.parse(crossedAt!),
});

function parkedOf(
  { reads, parked }: Recording,
  posted: readonly Crossing[],
): Pick<RecordedScore, 'parkedWindows' | 'parkedMoved'> {
  const start = reads[0]!.at;
  const windowOf = (epc: string, at: number): string => `${epc} ${Math.floor((at - start) / PARKED_WINDOW_MS)}`;
  const windows = new Set(
    reads.filter(({ read }) => parked.has(read.epc)).map(({ read, at }) => windowOf(read.epc, at)),
  );
  const moved = new Set(posted.filter(({ epc }) => parked.has(epc)).map(({ epc, at }) => windowOf(epc, at)));
  return { parkedWindows: windows.size, parkedMoved: [...moved].filter((window) => windows.has(window)).length };
}

/** A group of at least ten is the pallet. */
const GROUP_LEAST = 10;

function groupsOf(
  { crossings }: Recording,
  passages: readonly PassageJson[],
): Pick<RecordedScore, 'crossings' | 'crossingsRight' | 'extraGroups'> {
  const groups = new Map<string, { at: number; direction: string }>();
  for (const { group, crossedAt, leading, outcome } of passages) {
    if (group === null || group.size < GROUP_LEAST || crossedAt === null || outcome === 'undecided') continue;
    groups.set(group.id, { at: Date.parse(crossedAt), direction: leading });
  }
  const found = [...groups.values()];
  const isRight = (crossing: Recording['crossings'][number]): boolean =>
    found.some(({ at, direction }) => direction === crossing.direction && Math.abs(at - crossing.at) <= TOLERANCE_MS);
  const crossingsRight = crossings.filter((crossing) => isRight(crossing)).length;
  return { crossings: crossings.length, crossingsRight, extraGroups: found.length - crossingsRight };
}
