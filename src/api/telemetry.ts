// Series of what devices measured and antennas read, from whichever store holds them.
import { Type } from 'typebox';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { timeOf, TimeParameter } from './lists.ts';
import { ApiFault, Problem } from './problem.ts';

const HOUR_MS = 3_600_000;
const POINTS_MAX = 5000;
const WIDTH_MAX_MS = 366 * 24 * HOUR_MS;
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/^(\d+)ms$/, 1],
  [/^(\d+)s$/, 1000],
  [/^(\d+)m$/, 60_000],
  [/^(\d+)h$/, HOUR_MS],
  [/^(\d+)d$/, 24 * HOUR_MS],
];

function widthOf(text: string): number {
  for (const [pattern, unitMs] of WIDTHS) {
    const match = pattern.exec(text);
    const widthMs = match === null ? 0 : Number(match[1]) * unitMs;
    if (widthMs > 0 && widthMs <= WIDTH_MAX_MS) return widthMs;
  }
  throw new ApiFault(400, 'bad-request', `every: ${text} is no width; say 10s, 1m, 1h, 366d at most.`);
}

/** Every bucket from `from` to `to`, those without a point as `empty` has them. Buckets count from 1970. */
function withGaps<P extends { readonly at: number }, Q extends { readonly at: number }>(
  points: readonly P[],
  empty: (at: number) => Q,
  { from, to, everyMs }: { readonly from: number; readonly to: number; readonly everyMs: number },
): readonly (P | Q)[] {
  const byTime = new Map(points.map((point) => [point.at, point]));
  const all: (P | Q)[] = [];
  for (let at = Math.floor(from / everyMs) * everyMs; at < to; at += everyMs) all.push(byTime.get(at) ?? empty(at));
  return all;
}

const Number0 = Type.Union([Type.Number(), Type.Null()]);

export function telemetryRoutes(app: App, { catalogue, telemetry, clock }: Context): void {
  app.get(
    '/v1/telemetry',
    {
      schema: {
        tags: ['telemetry'],
        summary: 'Series: measures of devices, and read rates and RSSI of antennas',
        querystring: Type.Object({
          site: Type.String(),
          device: Type.Optional(Type.String({ description: 'Device or reader.' })),
          name: Type.Optional(Type.String({ description: 'Of a measure; `reads` for the read rates alone.' })),
          from: TimeParameter('An hour ago when left out.'),
          to: TimeParameter('Now when left out.'),
          every: Type.Optional(Type.String({ default: '1m', description: 'Width of a bucket: 10s, 1m, 1h.' })),
          gaps: Type.Optional(
            Type.Enum(['left-out', 'null'], {
              default: 'left-out',
              description:
                'Buckets in which nothing was measured: not there, or there with null, so that a line breaks.',
            }),
          ),
        }),
        response: {
          200: Type.Object({
            series: Type.Array(
              Type.Object({
                device: Type.String(),
                name: Type.String(),
                unit: Type.Union([Type.String(), Type.Null()]),
                points: Type.Array(
                  Type.Object({
                    at: Type.String(),
                    mean: Number0,
                    min: Number0,
                    max: Number0,
                    count: Type.Integer(),
                  }),
                ),
              }),
            ),
            reads: Type.Array(
              Type.Object({
                reader: Type.String(),
                antenna: Type.Integer(),
                points: Type.Array(
                  Type.Object({
                    at: Type.String(),
                    reads: Type.Integer(),
                    rssiMeanDbm: Number0,
                    rssiMaxDbm: Number0,
                    tags: Type.Union([Type.Integer(), Type.Null()], {
                      description:
                        'Different tags, estimated: within some 5 % up to 5,000. In InfluxDB the most of what was written at once (a second, most often), which is less. Null of what was written before this was kept.',
                    }),
                  }),
                ),
              }),
            ),
          }),
          default: Problem,
        },
      },
    },
    async ({ query }) => {
      await catalogue.one(query.site);
      const to = timeOf(query.to, 'to') ?? clock();
      const from = timeOf(query.from, 'from') ?? to - HOUR_MS;
      const everyMs = widthOf(query.every ?? '1m');
      if (from >= to) throw new ApiFault(400, 'bad-request', 'from: is not before to.');
      if ((to - from) / everyMs > POINTS_MAX)
        throw new ApiFault(
          400,
          'bad-request',
          `every: ${query.every ?? '1m'} would make more than ${POINTS_MAX} points a series; ask for a wider one.`,
        );
      const asked = { site: query.site, device: query.device, name: query.name, from, to, everyMs };
      const [series, reads] = await Promise.all([
        query.name === 'reads' ? [] : telemetry.measures(asked),
        query.name === undefined || query.name === 'reads' ? telemetry.rates(asked) : [],
      ]);
      const filled = <P extends { readonly at: number }, Q extends { readonly at: number }>(
        points: readonly P[],
        empty: (at: number) => Q,
      ): readonly (P | Q)[] => (query.gaps === 'null' ? withGaps(points, empty, asked) : points);
      return {
        series: series.map((one) => ({
          ...one,
          unit: one.unit ?? null,
          points: filled(one.points, (at) => ({ at, mean: null, min: null, max: null, count: 0 })).map((point) => ({
            ...point,
            at: formatTime(point.at),
          })),
        })),
        reads: reads.map((one) => ({
          ...one,
          points: filled(one.points, (at) => ({
            at,
            reads: 0,
            rssiMeanDbm: undefined,
            rssiMaxDbm: undefined,
            tags: 0,
          })).map((point) => ({
            at: formatTime(point.at),
            reads: point.reads,
            rssiMeanDbm: point.rssiMeanDbm ?? null,
            rssiMaxDbm: point.rssiMaxDbm ?? null,
            tags: point.tags ?? null,
          })),
        })),
      };
    },
  );
}
