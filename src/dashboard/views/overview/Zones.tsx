// Zones and stations, smaller: one line each, with its reads and what was last found there.
import { useComputed } from '@preact/signals';
import type { ReadPoint } from '../../api/types.ts';
import { SECONDS, readsNow, seriesOf } from '../../live/antennas.ts';
import { recentMovements } from '../../live/movements.ts';
import { Time } from '../../shared/Time.tsx';
import { href } from '../../routing.ts';
import { BARS_BASE, BARS_BOX, barsOf } from './bars.ts';

export const Zones = ({ points }: { readonly points: readonly ReadPoint[] }) => (
  <section class="board zones" aria-labelledby="zones">
    <h2 id="zones">Zones and stations</h2>
    <ul>
      {points.map((point) => (
        <Zone point={point} key={point.id} />
      ))}
    </ul>
  </section>
);

function Zone({ point }: { readonly point: ReadPoint }) {
  const rate = useComputed(() => readsNow(point.antennas));
  const last = useComputed(() => recentMovements.value?.find(({ readPoint }) => readPoint === point.id)?.happenedAt);
  return (
    <li class="zone">
      <a class="zone-name" href={href({ view: 'movements', query: { readPoint: point.id } })}>
        <b>{point.id}</b>
        <span>
          {point.kind} · {point.location}
        </span>
      </a>
      {point.antennas.length === 0 ? <span class="zone-scanner">scanner</span> : <ZoneBars point={point} />}
      <span class="zone-rate">{point.antennas.length > 0 && <>{rate}/s</>}</span>
      <span class="zone-last">{last.value === undefined ? '–' : <Time at={last.value} only />}</span>
    </li>
  );
}

function ZoneBars({ point }: { readonly point: ReadPoint }) {
  const path = useComputed(() => {
    const all = point.antennas.map((antenna) => seriesOf(antenna).value.reads);
    return barsOf(Array.from({ length: SECONDS }, (_, second) => all.reduce((sum, reads) => sum + reads[second]!, 0)));
  });
  return (
    <svg class="zone-bars" viewBox={BARS_BOX} preserveAspectRatio="none" aria-hidden="true">
      <path class="spark-base" d={BARS_BASE} />
      <path class="spark-bars" d={path} />
    </svg>
  );
}
