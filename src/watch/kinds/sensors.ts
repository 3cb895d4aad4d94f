// Measures that leave their range: a cold room that gets warm, a reader that runs hot. Read as the telemetry store has them, Postgres or InfluxDB, in
// buckets: one is out of range when all that was measured in it is.
import type { SensorRange } from '../../config/alertRule.ts';
import type { Series, SeriesPoint } from '../../telemetry/query.ts';
import { formatTime } from '../../wire/time.ts';
import type { Finding, Kinds, Look, Past, Period } from '../finding.ts';
import { spansOf } from '../periods.ts';
import { round, spanText } from '../words.ts';

const FOR_MS = 600_000;
const BUCKETS = 60;
const PAST_BUCKETS = 5000;
const BUCKET_LEAST_MS = 1000;

const isOut = ({ min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: SensorRange, point: SeriesPoint) =>
  point.min > max || point.max < min;

const unitOf = ({ unit }: Series): string => (unit === undefined ? '' : ` ${unit === 'Cel' ? '°C' : unit}`);
const rangeText = ({ min, max }: SensorRange, unit: string): string =>
  min === undefined
    ? `at most ${max}${unit}`
    : max === undefined
      ? `at least ${min}${unit}`
      : `${min} to ${max}${unit}`;

const suggestions = {
  sensor: (device: string) =>
    `Look at ${device}: door, cooling, sensor. Decide about the goods beside it: hold what was too warm or too cold.`,
  reader: (device: string) =>
    `Look at ${device}: air, sun, its transmit power. A reader that is too hot reads less, then switches itself off.`,
};

export const sensorKinds = {
  'sensor-out-of-range': {
    find: (look, limits) => outOfRange(look, limits, suggestions.sensor),
    past: (past, limits) => wereOutOfRange(past, limits),
  },
  'reader-hot': {
    find: async (look, limits) => {
      const readers = readersOf(look.plan);
      return outOfRange(look, limits, suggestions.reader, (device) => readers.has(device));
    },
    past: async (past, limits) => {
      const readers = readersOf(past.plan);
      return wereOutOfRange(past, limits, (device) => readers.has(device));
    },
  },
} satisfies Partial<Kinds>;

interface Limits {
  readonly ranges: readonly SensorRange[];
  readonly freshMs: number;
}

const readersOf = ({ antennas }: Look['plan']): ReadonlySet<string> => new Set(antennas.map(({ reader }) => reader));
const anyDevice = (): boolean => true;

async function outOfRange(
  { telemetry, plan, now }: Look,
  { ranges, freshMs }: Limits,
  suggestion: (device: string) => string,
  isOf: (device: string) => boolean = anyDevice,
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    ranges.map(async (range) => {
      const { measure, device, forMs = FOR_MS } = range;
      const everyMs = Math.max(BUCKET_LEAST_MS, Math.ceil((forMs + freshMs) / BUCKETS));
      const from = now - forMs - freshMs;
      const series = await telemetry.measures({ site: plan.site, device, name: measure, from, to: now + 1, everyMs });
      return series
        .filter((one) => isOf(one.device))
        .flatMap((one): Finding[] => {
          const last = one.points.at(-1);
          const wrong = one.points.slice(one.points.findLastIndex((point) => !isOut(range, point)) + 1);
          if (last === undefined || wrong.length === 0 || now - last.at > freshMs + everyMs) return [];
          // A single value is out of range from when it was measured until the next one says otherwise.
          const since = wrong[0]!.at;
          if (now - since < forMs) return [];
          return [finding(plan.site, one, range, { last, since, suggestion: suggestion(one.device) })];
        });
    }),
  );
  return found.flat();
}

function finding(
  site: string,
  one: Series,
  range: SensorRange,
  { last, since, suggestion }: { readonly last: SeriesPoint; readonly since: number; readonly suggestion: string },
): Finding {
  const { measure, forMs = FOR_MS } = range;
  const unit = unitOf(one);
  return {
    subject: `${one.device} ${measure}`,
    confidence: 1,
    message: `${measure} of ${one.device} has been out of range for more than ${spanText(forMs)}: ${round(last.mean)}${unit} instead of ${rangeText(range, unit)}.`,
    suggestion,
    evidence: {
      device: one.device,
      measure,
      unit: one.unit ?? null,
      value: round(last.mean),
      at: formatTime(last.at),
      outSince: formatTime(since),
      min: range.min ?? null,
      max: range.max ?? null,
    },
    look: `/v1/telemetry?site=${encodeURIComponent(site)}&device=${encodeURIComponent(one.device)}&name=${encodeURIComponent(measure)}`,
  };
}

async function wereOutOfRange(
  { telemetry, plan, from, to }: Past,
  { ranges, freshMs }: Limits,
  isOf: (device: string) => boolean = anyDevice,
): Promise<readonly Period[]> {
  const found = await Promise.all(
    ranges.map(async (range) => {
      const { measure, device, forMs = FOR_MS } = range;
      const everyMs = Math.max(BUCKET_LEAST_MS, Math.ceil((to - from) / PAST_BUCKETS));
      const series = await telemetry.measures({ site: plan.site, device, name: measure, from, to, everyMs });
      return series
        .filter((one) => isOf(one.device))
        .flatMap((one) => {
          const points = one.points.map((point) => ({ at: point.at, isWrong: isOut(range, point) }));
          return spansOf(points, to, forMs, freshMs + everyMs).map((span) => ({
            ...span,
            subject: `${one.device} ${measure}`,
            message: `${measure} of ${one.device} was not ${rangeText(range, unitOf(one))} for ${spanText(forMs)}.`,
          }));
        });
    }),
  );
  return found.flat();
}
