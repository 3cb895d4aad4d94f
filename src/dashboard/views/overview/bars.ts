// A series of counts as one path of bars: cheaper than sixty elements a second and antenna.
import { SECONDS } from '../../live/antennas.ts';

const HEIGHT = 20;
/** Below it a single read would look like a crowd. */
const FULL_LEAST = 8;
const VISIBLE_LEAST = 1.5;

export const BARS_BOX = `0 0 ${SECONDS} ${HEIGHT}`;
export const BARS_BASE = `M0 ${HEIGHT - 0.5}h${SECONDS}`;

export function barsOf(counts: readonly number[]): string {
  const full = Math.max(FULL_LEAST, ...counts);
  let path = '';
  for (const [second, count] of counts.entries()) {
    if (count === 0) continue;
    const height = Math.max(VISIBLE_LEAST, (count / full) * HEIGHT).toFixed(1);
    path += `M${second} ${HEIGHT}v-${height}h.8v${height}z`;
  }
  return path;
}
