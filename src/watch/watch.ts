// The watch: every few seconds all rules of the sites that this installation derives, and then whatever is to be told. It
// runs in the API's process, away from the event loop that parses reads; what it finds wrong is never in the way of anything.
// The sites are those whose writer is here, so that of several processes on one database one looks at each site.
import type { AlertKind, AlertRules } from '../config/alertKinds.ts';
import type { ServiceAlerts } from '../config/alerts.ts';
import type { SitePlan } from '../config/plan.ts';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import { sleep, within } from '../kit/sleep.ts';
import { openPool, type DatabaseOptions, type Pool } from '../store/database.ts';
import type { TelemetryReader } from '../telemetry/query.ts';
import type { Step } from './alert.ts';
import { channelsOf, type Channel } from './channels/channels.ts';
import { deliver, type DeliveryOptions } from './channels/deliver.ts';
import { evaluate, type RuleFailure } from './evaluate.ts';
import { openFailures } from './failures.ts';
import { tellsForAll, type Look, type SiteFigures } from './finding.ts';
import { keepFindings } from './keep.ts';
import { openMetrics } from './metrics.ts';
import { openRepeater } from './repeat.ts';
import { rulesOf } from './rules.ts';
import { SAMPLE_EVERY_MS, sampleAll } from './samples.ts';
import { tidy } from './tidy.ts';
import { openUrgent, URGENT_KINDS } from './urgent.ts';

export interface WatchOptions {
  readonly database: DatabaseOptions;
  /** `alerts:` of tallygate.yaml. */
  readonly alerts: ServiceAlerts;
  readonly telemetry: TelemetryReader;
  /** Where telemetry is written, as the table of cursors calls it. */
  readonly sink: 'postgres' | 'influx';
  /** Every site that was loaded, as it is now. */
  readonly plans: () => Promise<readonly SitePlan[]>;
  readonly engine: {
    /** Of the sites derived here; undefined when the engine does not answer. */
    readonly figures: () => Promise<readonly SiteFigures[] | undefined>;
    /** On the broker; false when the engine does not answer. */
    readonly publish: (topic: string, payload: string) => Promise<boolean>;
  };
  /** What an environment variable holds: secrets of channels. */
  readonly secret: (variable: string) => string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Watch {
  /** For /metrics. */
  readonly metrics: () => Promise<string>;
  /** The ledger of a site has come from one row of its journal to another: what is critical in it is looked at at once. */
  readonly posted: (site: string, from: number, to: number) => void;
  readonly stop: () => Promise<void>;
}

const EVERY_MS = 5000;
/** The watch takes at most so large a share of its time, however slow the database is. */
const SHARE_MAX = 0.2;
const DELIVER_EVERY_MS = 1000;
const TIDY_EVERY_MS = 3_600_000;
const CONNECTIONS_MAX = 3;
const STOP_WITHIN_MS = 1000;

/** Starts looking and telling. */
export function openWatch(options: WatchOptions): Watch {
  const { alerts, engine, log, clock } = options;
  const stopping = new AbortController();
  const pool = openPool({
    ...options.database,
    name: 'tallygate watch',
    max: CONNECTIONS_MAX,
    onError: (error) => log.debug({ reason: error.message }, 'a database connection broke'),
  });
  const channels = channelsOf(alerts);
  const metrics = openMetrics(pool, options.sink);
  const outbox: DeliveryOptions = { pool, publish: engine.publish, secret: options.secret, clock, log };
  const tellFailures = openFailures(log);
  const repeat = openRepeater(stopping.signal, log);
  let sites: readonly string[] = [];
  let known: readonly SiteFigures[] = [];
  let news = new AbortController();
  const wake = (): void => {
    news.abort();
    news = new AbortController();
  };

  const looking = repeat(async () => {
    const startedAt = performance.now();
    const figures = await engine.figures();
    if (figures !== undefined) {
      sites = figures.map(({ site }) => site);
      known = figures;
      const { steps, failed } = await lookAtAll({ ...options, pool, channels }, figures);
      for (const { kind } of failed) metrics.failed(kind);
      tellFailures(sites, failed);
      for (const step of steps) logChange(step, log);
      wake();
    }
    const tookMs = performance.now() - startedAt;
    metrics.looked(tookMs / 1000);
    return Math.max(alerts.everyMs ?? EVERY_MS, tookMs / SHARE_MAX);
  });
  const urgent = openUrgent(
    pool,
    async (site) => {
      const own = known.filter((one) => one.site === site);
      const { steps } = await lookAtAll({ ...options, pool, channels }, own, URGENT_KINDS);
      for (const step of steps) logChange(step, log);
      wake();
    },
    log,
  );
  // Each channel by itself: one that takes long holds up nobody but itself.
  const tellings = channels.map((channel) =>
    repeat(async () => {
      const { signal } = news;
      if (sites.length > 0) await deliver(outbox, channel, sites);
      await sleep(DELIVER_EVERY_MS, signal);
      return 0;
    }),
  );
  const sampling = repeat(async () => {
    const figures = await engine.figures();
    if (figures !== undefined) {
      const plans = realOf(await options.plans());
      await sampleAll(pool, plans, figures, clock(), (site) => tellsForAll(site, plans));
    }
    return SAMPLE_EVERY_MS;
  });
  const tidying = repeat(async () => {
    await tidy(pool, channels, alerts, clock(), log);
    return TIDY_EVERY_MS;
  });

  return {
    metrics: () => metrics.text(),
    posted(site, from, to) {
      const isOurs = known.some((one) => one.site === site);
      if (isOurs && !stopping.signal.aborted) urgent.posted(site, from, to);
    },
    async stop() {
      stopping.abort();
      wake();
      await within(Promise.all([looking, ...tellings, sampling, tidying, urgent.idle()]), STOP_WITHIN_MS);
      await within(pool.end(), STOP_WITHIN_MS / 2);
    },
  };
}

const logChange = ({ alert: { site, kind, subject, severity, message }, change }: Step, log: Logger): void =>
  log.info({ site, alert: kind, subject, severity, what: message }, `alert ${change!.change}`);

/** Sites where people practise are looked at by themselves. */
const realOf = (plans: readonly SitePlan[]): readonly SitePlan[] => plans.filter(({ isTraining }) => !isTraining);

export interface Looking extends Pick<WatchOptions, 'alerts' | 'telemetry' | 'plans' | 'clock'> {
  readonly pool: Pool;
  readonly channels: readonly Channel[];
}

/** Of all sites: the changes that somebody is told of, and the rules that could not be looked at. */
export interface Looked {
  readonly steps: readonly Step[];
  readonly failed: readonly RuleFailure[];
}

/** Looks at every site once, for these kinds or all. Throws when Postgres is away. */
export async function lookAtAll(
  { pool, channels, alerts, telemetry, plans, clock }: Looking,
  figures: readonly SiteFigures[],
  kinds?: readonly AlertKind[],
): Promise<Looked> {
  const known = await plans();
  const steps: Step[] = [];
  const allFailed: RuleFailure[] = [];
  for (const own of figures) {
    const plan = known.find(({ site }) => site === own.site);
    if (plan === undefined) continue; // it has a journal, but no site file yet
    const others = plan.isTraining ? [plan] : realOf(known);
    const now = clock();
    const rules: AlertRules = rulesOf(alerts, plan);
    const look: Look = {
      database: pool,
      telemetry,
      plan,
      plans: others,
      figures: own,
      now,
      tellsForAll: !plan.isTraining && tellsForAll(own.site, others),
    };
    const { found, failed } = await evaluate(look, rules, kinds);
    allFailed.push(...failed);
    // Nobody is called out of bed for what is not real.
    const telling = { channels: plan.isTraining ? [] : channels, timeZone: plan.timeZone, page: alerts.page };
    steps.push(...(await keepFindings(pool, own.site, found, rules, telling, now)));
  }
  return { steps, failed: allFailed };
}
