// Telemetry as `start` wires it: a sink fed from the engine's rows, from its cursor on.
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { openPool, type Pool } from '../../src/store/database.ts';
import { formatTime } from '../../src/wire/time.ts';
import { startProjector, type Projector } from '../../src/telemetry/projector.ts';
import type { ReadRate, Series, SeriesQuery, TelemetryReader } from '../../src/telemetry/query.ts';
import type { Sink } from '../../src/telemetry/sink.ts';
import { closeAfterTest } from './cleanUp.ts';
import type { TestEngine } from './engine.ts';
import { eventually } from './wait.ts';

/** On the minute, some minutes ago. */
export const AT = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;

/** An entry of an envelope. */
export const measure = (value: number, at = AT, more: object = {}) => ({
  device: 'door',
  name: 'temperature',
  value,
  unit: 'Cel',
  at: formatTime(at),
  ...more,
});

export interface Telemetry {
  readonly projector: Projector;
  readonly stop: () => Promise<void>;
  /** Waits until the sink has everything of the site's journal. */
  readonly caughtUp: (site?: string) => Promise<void>;
}

/** `openSink` gets connections through the proxy of the engine. */
export function feed(service: TestEngine, openSink: (pool: Pool) => Sink): Telemetry {
  const pool = openPool({
    url: service.proxy.url(service.database.url),
    name: 'test telemetry',
    max: 3,
    onError: () => {},
  });
  const log = createLog({ style: 'silent' });
  const sink = openSink(pool);
  const projector = startProjector(sink, openJournal(pool, log), log);
  const fed = service.engine.rows$.subscribe((rows) => projector.feed(rows));
  for (const { site, nextOffset } of service.engine.sites.bySite.values()) projector.catchUp(site, nextOffset - 1);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      fed.unsubscribe();
      await projector.stop();
      await pool.end();
    })());
  closeAfterTest(stop);
  return {
    projector,
    stop,
    caughtUp: async (site = 'T1') => {
      await eventually(
        `${sink.name} has everything of ${site}`,
        async () => {
          const behind = await service.database.value(
            `select h.next_offset - 1 - c.journal_offset from journal_head h join telemetry_cursor c using (site)
             where site = $1 and sink = $2`,
            [site, sink.name],
          );
          return behind === 0;
        },
        30_000,
      );
    },
  };
}

export const askMeasures = (reader: TelemetryReader, query: Partial<SeriesQuery>): Promise<readonly Series[]> =>
  reader.measures({ ...ALL, ...query });
export const askRates = (reader: TelemetryReader, query: Partial<SeriesQuery>): Promise<readonly ReadRate[]> =>
  reader.rates({ ...ALL, ...query });

const ALL: SeriesQuery = {
  site: 'T1',
  device: undefined,
  name: undefined,
  from: Date.now() - 86_400_000,
  to: Date.now() + 86_400_000,
  everyMs: 60_000,
};
