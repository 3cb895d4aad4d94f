// The figures of /metrics, read from Prometheus' text. Pure.
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export type Metrics = ReadonlyMap<string, readonly Sample[]>;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

export function parseMetrics(text: string): Metrics {
  const metrics = new Map<string, Sample[]>();
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    const match = LINE.exec(line);
    if (match === null) continue;
    const [, name = '', labelText = '', valueText = ''] = match;
    const labels = Object.fromEntries(
      [...labelText.matchAll(LABEL)].map(([, label = '', value = '']) => [label, value]),
    );
    const sample = { labels, value: Number(valueText.replace('Inf', 'Infinity')) };
    const known = metrics.get(name);
    if (known === undefined) metrics.set(name, [sample]);
    else known.push(sample);
  }
  return metrics;
}

/** All of a name together; of one label value when `label` is given. */
export const sumOf = (metrics: Metrics, name: string, label?: readonly [name: string, value: string]): number =>
  (metrics.get(name) ?? [])
    .filter(({ labels }) => label === undefined || labels[label[0]] === label[1])
    .reduce((sum, { value }) => sum + value, 0);

/** By a label, the most first. */
export const byLabel = (metrics: Metrics, name: string, label: string): readonly (readonly [string, number])[] =>
  (metrics.get(name) ?? [])
    .map(({ labels, value }) => [labels[label] ?? '', value] as const)
    .sort((a, b) => b[1] - a[1]);

/** What happened between two looks. A counter that fell was started anew: then all of it happened since. */
export function since(before: Metrics | undefined, after: Metrics, name: string): number {
  const present = sumOf(after, name);
  const past = before === undefined ? 0 : sumOf(before, name);
  return present >= past ? present - past : present;
}

/** Mean of a histogram between two looks; undefined when nothing was observed. */
export function meanSince(before: Metrics | undefined, after: Metrics, name: string): number | undefined {
  const count = since(before, after, `${name}_count`);
  return count === 0 ? undefined : since(before, after, `${name}_sum`) / count;
}

/** The bucket in which a share of the observations ended; its upper bound, so an estimate from above. */
export function quantileSince(
  before: Metrics | undefined,
  after: Metrics,
  name: string,
  share: number,
): number | undefined {
  const count = since(before, after, `${name}_count`);
  if (count === 0) return undefined;
  const isAnew = before !== undefined && sumOf(after, `${name}_count`) < sumOf(before, `${name}_count`);
  const bounds = (after.get(`${name}_bucket`) ?? [])
    .map(({ labels, value }) => {
      const bound = labels['le'] ?? '';
      const past = before === undefined || isAnew ? 0 : sumOf(before, `${name}_bucket`, ['le', bound]);
      return [bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), value - past] as const;
    })
    .sort((a, b) => a[0] - b[0]);
  return bounds.find(([, within]) => within >= share * count)?.[0];
}
