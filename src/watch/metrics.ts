// What the watch counts of itself, for /metrics: read from the tables when somebody looks. While Postgres does not answer those
// figures are left out: the others are needed then.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { within } from '../kit/sleep.ts';
import type { Pool } from '../store/database.ts';

export interface WatchMetrics {
  readonly looked: (seconds: number) => void;
  readonly failed: (kind: string) => void;
  readonly text: () => Promise<string>;
}

/** Whoever scrapes does not wait for long. */
const ANSWER_WITHIN_MS = 2000;
const SECONDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

/** `sink`: where telemetry is written, as the table of cursors calls it. */
export function openMetrics(pool: Pool, sink: string): WatchMetrics {
  const registry = new Registry();
  const registers = [registry];
  const lookSeconds = new Histogram({
    name: 'tallygate_alert_look_seconds',
    help: 'Time of one look at all rules of all sites.',
    buckets: SECONDS,
    registers,
  });
  const failures = new Counter({
    name: 'tallygate_alert_rule_failures_total',
    help: 'Looks at a rule that failed.',
    labelNames: ['kind'],
    registers,
  });
  const table = (name: string, help: string, labels: readonly string[], text: string, values: unknown[] = []): void => {
    void new Gauge({
      name,
      help,
      labelNames: labels,
      registers,
      async collect() {
        const asked = pool.query<{ value: number } & Record<string, string>>(text, values);
        const answer = await within(
          asked.catch(() => undefined),
          ANSWER_WITHIN_MS,
        );
        this.reset();
        for (const { value, ...own } of answer?.rows ?? []) this.set(own as Record<string, string>, value);
      },
    });
  };
  table(
    'tallygate_alerts',
    'Alerts that are not resolved.',
    ['site', 'severity', 'state'],
    `select site, severity, state, count(*) as value from alert where state <> 'resolved' group by site, severity, state`,
  );
  table(
    'tallygate_telemetry_lag_rows',
    'Journal rows of which the store of telemetry has not had the measures yet.',
    ['site'],
    `select site, greatest(0, h.next_offset - 1 - c.journal_offset) as value from telemetry_cursor c join journal_head h using (site) where c.sink = $1`,
    [sink],
  );
  table(
    'tallygate_alert_deliveries_waiting',
    'Messages about alerts that a channel has not taken yet.',
    ['channel'],
    `select channel, count(d.id) as value from alert_channel c full join (select * from alert_delivery where delivered_at is null) d using (channel) group by channel`,
  );
  table(
    'tallygate_alert_deliveries',
    'Messages about alerts that a channel has taken, and tries that failed, ever.',
    ['channel', 'result'],
    `select channel, 'delivered' as result, delivered as value from alert_channel union all select channel, 'failed', failures from alert_channel`,
  );
  table(
    'tallygate_alert_channel_failing',
    '1 while nothing can be delivered to a channel.',
    ['channel'],
    'select channel, (failing_since is not null)::int as value from alert_channel',
  );
  return {
    looked: (seconds) => lookSeconds.observe(seconds),
    failed: (kind) => failures.inc({ kind }),
    text: () => registry.metrics(),
  };
}
