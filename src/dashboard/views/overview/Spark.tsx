// The last minute of an antenna as bars, and its present rate. Draws itself again when its own antenna was told, alone.
import type { Antenna } from '../../api/types.ts';
import { seriesOf } from '../../live/antennas.ts';
import { BARS_BASE, BARS_BOX, barsOf } from './bars.ts';

export function Spark({ antenna, label }: { readonly antenna: Antenna; readonly label: string }) {
  const { reads, tags, bestDbm } = seriesOf(antenna).value;
  const present = reads.at(-1)!;
  const best = bestDbm === null ? '' : `, best ${bestDbm} dBm`;
  return (
    <div class="spark" title={`${antenna.reader} antenna ${antenna.antenna}: ${tags} tags in the last second${best}`}>
      <span class="spark-label">{label}</span>
      <svg viewBox={BARS_BOX} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <path class="spark-base" d={BARS_BASE} />
        <path class="spark-bars" d={barsOf(reads)} />
      </svg>
      <span class="spark-rate">{present}</span>
    </div>
  );
}
