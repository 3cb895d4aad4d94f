// The reads of one tag as a picture: strength over time, each side of the door with a shape of its own, the crossing marked if
// there was one, or may have been.
import type { Read } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { HEIGHT, plotOf, WIDTH, type Point, type Side } from './plot.ts';

const SIDE_TEXT: Readonly<Record<Side, string>> = { outside: 'outside', inside: 'inside', here: 'at the read point' };

interface Passed {
  readonly outcome: string;
  readonly crossedAt: string | null;
}

const CROSSING_TEXT: Readonly<Record<string, string>> = { in: 'crossed', out: 'crossed', undecided: 'if it crossed' };

export function ReadPlot({ reads, passage }: { readonly reads: readonly Read[]; readonly passage: Passed | null }) {
  const crossingText = CROSSING_TEXT[passage?.outcome ?? ''];
  const plot = plotOf(reads, crossingText === undefined ? null : passage!.crossedAt, site.value!);
  if (plot === undefined) return null;
  const { points, across, up, crossing, sides, left, right, top, bottom } = plot;
  return (
    <figure class="plot">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Signal strength of ${points.length} reads over time; the table below has every value`}
      >
        {up.map(({ at, text }) => (
          <g key={text}>
            <path class="plot-grid" d={`M${left} ${at}H${right}`} />
            <text class="plot-text" x={left - 6} y={at + 4} text-anchor="end">
              {text}
            </text>
          </g>
        ))}
        {across.map(({ at, text }) => (
          <g key={text}>
            <path class="plot-tick" d={`M${at} ${bottom}v4`} />
            <text class="plot-text" x={at} y={bottom + 17} text-anchor="middle">
              {text}
            </text>
          </g>
        ))}
        <path class="plot-axis" d={`M${left} ${top}V${bottom}H${right}`} />
        <text class="plot-text" x={left - 6} y={top - 9} text-anchor="end">
          dBm
        </text>
        {crossing !== undefined && (
          <g>
            <path class="plot-crossing" d={`M${crossing} ${top - 4}V${bottom}`} />
            <text
              class="plot-text plot-crossing-text"
              x={crossing + (crossing > (left + right) / 2 ? -5 : 5)}
              y={top - 9}
              text-anchor={crossing > (left + right) / 2 ? 'end' : 'start'}
            >
              {crossingText}
            </text>
          </g>
        )}
        {points.map((point, index) => (
          <Mark point={point} key={index} />
        ))}
      </svg>
      <figcaption class="legend">
        {sides.map((side) => (
          <span key={side}>
            <svg class="legend-mark" viewBox="0 0 12 12" aria-hidden="true">
              <Mark point={{ x: 6, y: 6, side, title: '' }} />
            </svg>
            {SIDE_TEXT[side]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function Mark({ point: { x, y, side, title } }: { readonly point: Point }) {
  const mark =
    side === 'outside' ? (
      <path class="mark-outside" d={`M${x} ${y - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z`} />
    ) : (
      <circle class={side === 'inside' ? 'mark-inside' : 'mark-here'} cx={x} cy={y} r={3.6} />
    );
  return title === '' ? (
    mark
  ) : (
    <g>
      <title>{title}</title>
      {mark}
    </g>
  );
}
