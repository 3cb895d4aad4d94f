// Series out of InfluxDB 1.x, 2.x or 3.x.
import { Fault, messageOf, rejected } from '../kit/faults.ts';
import type { InfluxConfig } from './influxServer.ts';
import type { ReadRate, SeriesQuery, TelemetryReader } from './query.ts';

export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Tags that look like numbers are sorted as text by InfluxDB. */
const byReaderAndAntenna = (a: ReadRate, b: ReadRate): number => byBytes(a.reader, b.reader) || a.antenna - b.antenna;

/**
 * By InfluxQL at `/query`, which all of them have: 2.x maps the name of a bucket by itself ("virtual DBRP mapping"), unless somebody
 * mapped it otherwise; Flux is no way to ask them all, since 3.x has none.
 */
export function influxReader(config: InfluxConfig): TelemetryReader {
  const ask = async (text: string): Promise<readonly InfluxSeries[]> => {
    const url = new URL('/query', config.url);
    url.search = new URLSearchParams({ db: config.bucket, epoch: 'ms', q: text }).toString();
    const headers: Record<string, string> = config.token === '' ? {} : { authorization: `Token ${config.token}` };
    const { response, body } = await answerOf(url, headers);
    const error = body.error ?? body.message ?? body.results?.[0]?.error;
    if (!response.ok || error !== undefined) throw refusal(response, error, config.bucket);
    return body.results?.[0]?.series ?? [];
  };
  return {
    async measures(query) {
      const series = await ask(
        `select mean(value), min(value), max(value), count(value) from measure where ${conditions(query, 'device', query.name)} group by time(${query.everyMs}ms), device, "name", unit fill(none)`,
      );
      return series.map(({ tags, values }) => ({
        device: tags['device'] ?? '',
        name: tags['name'] ?? '',
        unit: tags['unit'] || undefined,
        points: values.map(([at, mean, min, max, count]) => ({
          at: at!,
          mean: mean!,
          min: min!,
          max: max!,
          count: count!,
        })),
      }));
    },
    async rates(query) {
      const series = await ask(
        `select sum(reads), sum(with_rssi), sum(rssi_sum), max(rssi_max), max(tags) from "reads" where ${conditions(query, 'reader', undefined)} group by time(${query.everyMs}ms), reader, antenna fill(none)`,
      );
      return series
        .map(({ tags: of, values }) => ({
          reader: of['reader'] ?? '',
          antenna: Number(of['antenna']),
          points: values.map(([at, reads, withRssi, sum, max, tags]) => ({
            at: at!,
            reads: reads!,
            rssiMeanDbm: withRssi ? sum! / withRssi : undefined,
            rssiMaxDbm: max ?? undefined,
            tags: tags ?? undefined,
          })),
        }))
        .sort(byReaderAndAntenna);
    },
  };
}

const ANSWER_WITHIN_MS = 10_000;

interface InfluxBody {
  readonly error?: string;
  /** Of 2.x. */
  readonly message?: string;
  readonly results?: readonly { readonly error?: string; readonly series?: readonly InfluxSeries[] }[];
}

function refusal({ status, statusText }: Response, error: string | undefined, bucket: string): Fault {
  const todo =
    status === 401 || status === 403
      ? ' TALLYGATE_INFLUX_TOKEN must be allowed to read there.'
      : status === 404
        ? ` Is there a bucket or database ${bucket} (TALLYGATE_INFLUX_BUCKET), and nothing else mapped to that name?`
        : '';
  return rejected('influx-query', `InfluxDB refuses the query: ${error ?? statusText}.${todo}`);
}

/** Throws `unavailable` when nobody answers, or something else than InfluxDB does. */
async function answerOf(
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly response: Response; readonly body: InfluxBody }> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    // Who refuses says so in words, now and then.
    if (!response.ok && !isJson) return { response, body: { error: (await response.text()).slice(0, 200).trim() } };
    return { response, body: (await response.json()) as InfluxBody };
  } catch (error) {
    throw new Fault('unavailable', 'influx-unavailable', `InfluxDB does not answer: ${messageOf(error)}`);
  }
}

interface InfluxSeries {
  readonly tags: Readonly<Record<string, string>>;
  readonly values: readonly (readonly (number | null)[])[];
}

/** InfluxQL string literals: a quote inside is escaped, so a device's name stays a name. */
const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function conditions({ site, device, from, to }: SeriesQuery, deviceTag: string, name: string | undefined): string {
  return [
    `site = ${literal(site)}`,
    ...(device === undefined ? [] : [`${deviceTag} = ${literal(device)}`]),
    ...(name === undefined ? [] : [`"name" = ${literal(name)}`]),
    // In whole microseconds: InfluxQL takes no fractions, and a time asked for may have them.
    `time >= ${Math.ceil(from * 1000)}u and time < ${Math.ceil(to * 1000)}u`,
  ].join(' and ');
}
