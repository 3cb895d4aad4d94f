// Tags that have left and that no late read can change any more. Of such a tag only little speaks when it comes back: that it once
// moved, how it last crossed, and what its last presence was taken for, as long as that is not told again. 32 bytes a tag and some
// five to find them; a tag of which nothing is left takes none.
import { giveBack, openRows, rowFor, rowOf, type Rows } from './rows.ts';
import { ELSEWHERE_MS, openTrack, type Direction, type Track } from './track.ts';

/** Four numbers a tag: its mobility; when it last crossed, NaN for never; until when its last presence is told; and the rest in one. */
export type Resting = Rows;

export const RESTING_WIDTH = 4;
const CROSSED_AT = 1;
const UNTIL = 2;
const KINDS = 3;
const DIRECTIONS: readonly Direction[] = ['in', 'out'];
const OUTCOMES = ['stayed', 'turned_back', 'stray'] as const;

export const openResting = openRows;

/** Is there nothing about it that the next read does not make anew? `reachableFrom`: no read from before can come any more. */
export const isAtRest = ({ sighting, leftAt }: Track, reachableFrom: number): boolean =>
  sighting === undefined && reachableFrom - leftAt >= ELSEWHERE_MS;

/** Keeps what is left of a tag; it takes the place of what was left of it before. */
export function putToRest(resting: Resting, track: Track, reachableFrom: number): void {
  const { tag, lastCrossing } = track;
  const mobility = Math.max(0, track.mobility);
  const idle = track.idle !== undefined && track.idle.until > reachableFrom ? track.idle : undefined;
  if (mobility === 0 && lastCrossing === undefined && idle === undefined) return giveBack(resting, tag);
  const place = rowFor(resting, tag, RESTING_WIDTH);
  const { numbers } = resting;
  numbers[place] = mobility;
  numbers[place + CROSSED_AT] = lastCrossing?.at ?? Number.NaN;
  numbers[place + UNTIL] = idle?.until ?? Number.NEGATIVE_INFINITY;
  const direction = lastCrossing === undefined ? 0 : DIRECTIONS.indexOf(lastCrossing.direction);
  const outcome = idle === undefined ? 0 : OUTCOMES.indexOf(idle.outcome);
  numbers[place + KINDS] = ((lastCrossing?.portal ?? 0) * OUTCOMES.length + outcome) * DIRECTIONS.length + direction;
}

/** The tag as its next read finds it. */
export function wake(resting: Resting, tag: number, generation: number): Track {
  const track = openTrack(tag, generation);
  const place = rowOf(resting, tag);
  if (place === undefined) return track;
  const { numbers } = resting;
  track.mobility = numbers[place]!;
  const kinds = numbers[place + KINDS]!;
  const direction = DIRECTIONS[kinds % DIRECTIONS.length]!;
  const rest = Math.floor(kinds / DIRECTIONS.length);
  const at = numbers[place + CROSSED_AT]!;
  const until = numbers[place + UNTIL]!;
  if (!Number.isNaN(at)) track.lastCrossing = { at, portal: Math.floor(rest / OUTCOMES.length), direction };
  if (until !== Number.NEGATIVE_INFINITY) track.idle = { outcome: OUTCOMES[rest % OUTCOMES.length]!, until };
  return track;
}
