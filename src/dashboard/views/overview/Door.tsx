// One door as a board: what each side reads this second, and what has lately passed with which outcome.
import { useComputed } from '@preact/signals';
import type { ReadPoint } from '../../api/types.ts';
import { readsNow, seriesOf } from '../../live/antennas.ts';
import { recentPassages } from '../../live/movements.ts';
import { connection } from '../../live/stream.ts';
import { boardLines } from './groups.ts';
import { PassageLine } from './PassageLine.tsx';
import { Spark } from './Spark.tsx';

/** Always so many lines, filled or not: a passage must not move the page. */
const LINES = 8;

export function Door({ point }: { readonly point: ReadPoint }) {
  const groups = useComputed(() => boardLines(recentPassages.value.get(point.id) ?? [], LINES));
  const isLoaded = useComputed(() => recentPassages.value.has(point.id));
  return (
    <article class="board door" aria-labelledby={`door-${point.id}`}>
      <header class="door-head">
        <h2 id={`door-${point.id}`}>{point.id}</h2>
        <DoorState point={point} />
      </header>
      <div class="door-sides">
        <Side point={point} side="outside" place={point.outside} />
        <Side point={point} side="inside" place={point.inside} />
      </div>
      <ol class="door-lines" aria-label={`Last passages at ${point.id}`}>
        {groups.value.map((group) => (
          <PassageLine group={group} key={group.key} />
        ))}
        {groups.value.length === 0 && (
          <li class="door-line door-line-none">{isLoaded.value ? 'No passage yet' : '…'}</li>
        )}
        {Array.from({ length: Math.max(0, LINES - Math.max(1, groups.value.length)) }, (_, index) => (
          <li class="door-line" key={index} aria-hidden="true" />
        ))}
      </ol>
    </article>
  );
}

function Side({ point, side, place }: { point: ReadPoint; side: 'outside' | 'inside'; place: string | null }) {
  const antennas = point.antennas.filter((antenna) => antenna.side === side);
  const rate = useComputed(() => readsNow(antennas));
  return (
    <div class={`side side-${side}`}>
      <p class="side-head">
        <span class="side-name">
          {side} <b>{place}</b>
        </span>
        <span class="side-rate">
          <b>{rate}</b> reads/s
        </span>
      </p>
      {antennas.map((antenna) => (
        <Spark antenna={antenna} label={String(antenna.antenna)} key={`${antenna.reader} ${antenna.antenna}`} />
      ))}
      {antennas.length === 0 && <p class="side-none">no antenna</p>}
    </div>
  );
}

function DoorState({ point }: { readonly point: ReadPoint }) {
  const tags = useComputed(() => Math.max(0, ...point.antennas.map((antenna) => seriesOf(antenna).value.tags)));
  if (connection.value.kind !== 'live') return <span class="door-state">no live data</span>;
  if (tags.value === 0) return <span class="door-state">quiet</span>;
  return (
    <span class="door-state is-reading">
      <span class="chip-dot" />
      {tags} {tags.value === 1 ? 'tag' : 'tags'} in view
    </span>
  );
}
