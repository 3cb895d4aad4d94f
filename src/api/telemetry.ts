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
                    mean: Type.Number(),
                    min: Type.Number(),
                    max: Type.Number(),
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
                  Type.Object({ at: Type.String(), reads: Type.Integer(), rssiMeanDbm: Number0, rssiMaxDbm: Number0 }),
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
      return {
        series: series.map((one) => ({
          ...one,
          unit: one.unit ?? null,
          points: one.points.map((point) => ({ ...point, at: formatTime(point.at) })),
        })),
        reads: reads.map((one) => ({
          ...one,
          points: one.points.map((point) => ({
            at: formatTime(point.at),
            reads: point.reads,
            rssiMeanDbm: point.rssiMeanDbm ?? null,
            rssiMaxDbm: point.rssiMaxDbm ?? null,
          })),
        })),
      };
    },
  );
}
