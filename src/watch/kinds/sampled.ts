// Back through what the service has measured of itself (samples.ts): for dry runs of rules about things that no table keeps as they were.
import type { SeriesPoint } from '../../telemetry/query.ts';
import type { Past, Period } from '../finding.ts';
import { spansOf } from '../periods.ts';
import { SAMPLE_EVERY_MS } from '../samples.ts';

const BUCKETS_MAX = 5000;
/** A sample or two may be missed; after more than that nothing is known. */
const MISSED_MAX = 3;

export interface SampledSeries {
  readonly device: string;
  readonly name: string;
  readonly points: readonly SeriesPoint[];
}

/** The samples of a name, of one device or of each, in buckets of a minute at least. */
export async function sampled(
  { telemetry, plan, from, to }: Past,
  which: { readonly name: string | undefined; readonly device?: string },
): Promise<readonly SampledSeries[]> {
  const everyMs = everyOf(from, to);
  return telemetry.measures({ site: plan.site, device: which.device, name: which.name, from, to, everyMs });
}

/** The times in which something held of a series. It has held for `forMs` when a period begins. */
export function periodsOf(
  { from, to }: Pick<Past, 'from' | 'to'>,
  points: readonly SeriesPoint[],
  isWrong: (point: SeriesPoint) => boolean,
  told: { readonly subject: string; readonly message: string },
  forMs = 0,
): readonly Period[] {
  const holdsMs = Math.max(MISSED_MAX * SAMPLE_EVERY_MS, 2 * everyOf(from, to));
  return spansOf(
    points.map((point) => ({ at: point.at, isWrong: isWrong(point) })),
    to,
    forMs,
    holdsMs,
  ).map((span) => ({ ...span, ...told }));
}

/** So many samples a bucket, whole ones. */
const everyOf = (from: number, to: number): number =>
  SAMPLE_EVERY_MS * Math.max(1, Math.ceil((to - from) / BUCKETS_MAX / SAMPLE_EVERY_MS));
