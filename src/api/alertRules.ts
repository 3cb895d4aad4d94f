// The rules of alerts as they are in force, what one of them would have done in the past, and how the channels are doing.
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ALERT_KINDS, AlertRules, type AlertKind } from '../config/alertKinds.ts';
import { Level } from '../config/alertRule.ts';
import { RuleOverridesSchema, type AlertRuleOverrides } from '../config/alerts.ts';
import { checkSiteAlerts } from '../config/checkAlerts.ts';
import { planSite, type SitePlan } from '../config/plan.ts';
import type { SiteFile } from '../config/site.ts';
import { channelsOf } from '../watch/channels/channels.ts';
import { dryRun } from '../watch/dryRun.ts';
import { tellsForAll } from '../watch/finding.ts';
import { rulesOf } from '../watch/rules.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging, timeOf, TimeParameter, timeText } from './lists.ts';
import { ApiFault, Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const Kind = Type.Enum([...ALERT_KINDS]);
const WEEK_MS = 7 * 86_400_000;
const PAST_MOST_MS = 366 * 86_400_000;
const FIRINGS_MAX = 1000;

const RuleJson = Type.Object({
  site: Type.String(),
  kind: Type.String(),
  does: Type.String(),
  rule: Type.Record(Type.String(), Type.Unknown(), { description: 'In force: defaults, tallygate.yaml, site file.' }),
});

const doesOf = (kind: AlertKind): string =>
  (AlertRules.properties[kind] as { readonly description?: string }).description ?? '';

const checkLimits = Compile(RuleOverridesSchema);
const checkLevels = Compile(Type.Array(Level));

export function alertRuleRoutes(app: App, { pool, clock, catalogue, telemetry, alerts }: Context): void {
  app.get(
    '/v1/alert-rules',
    {
      schema: {
        tags: ['alerts'],
        summary: 'The rules of alerts as they are in force',
        querystring: Type.Object({ site: Type.Optional(Type.String()), ...Paging }),
        response: { 200: Page(RuleJson), default: Problem },
      },
    },
    async ({ query }) => {
      const [afterSite = '', afterKind = ''] = keyOf(query.cursor, ['text', 'text']) ?? [];
      const rest = (await catalogue.asked(query.site))
        .flatMap((plan) => {
          const rules = rulesOf(alerts, plan);
          return ALERT_KINDS.toSorted().map((kind) => ({
            site: plan.site,
            kind,
            does: doesOf(kind),
            rule: { ...rules[kind] },
          }));
        })
        .filter(({ site, kind }) => site > afterSite || (site === afterSite && kind > afterKind));
      return pageOf(
        rest,
        query.limit ?? LIMIT_DEFAULT,
        (one) => one,
        ({ site, kind }) => [site, kind],
      );
    },
  );

  app.get(
    '/v1/alert-rules/:kind/dry-run',
    {
      schema: {
        tags: ['alerts'],
        summary: 'What the rule would have done in the past',
        description:
          'As it is in force, or with other limits, at one site, within the last week unless said; a rule that is off is tried with `on`. Nothing is opened and nobody is told. Rules about readers, gateways, channels, the review queue and the ledger itself go back through what the service has measured of them once a minute (`/v1/telemetry`), others through the ledger.',
        params: Type.Object({ kind: Kind }),
        querystring: Type.Object({
          site: Type.String(),
          from: TimeParameter('A week before `to` when left out.'),
          to: TimeParameter('Now when left out.'),
          limits: Type.Optional(
            Type.String({ maxLength: 10_000, description: 'JSON: what should be otherwise, as in `alerts.rules`.' }),
          ),
          levels: Type.Optional(
            Type.String({ maxLength: 50_000, description: 'JSON: instead of `alerts.levels` of the site file.' }),
          ),
        }),
        response: {
          200: Type.Object({
            site: Type.String(),
            kind: Type.String(),
            from: Type.String({ format: 'date-time' }),
            to: Type.String({ format: 'date-time' }),
            rule: Type.Record(Type.String(), Type.Unknown()),
            alerts: Type.Integer({ description: 'So many there would have been.' }),
            reopened: Type.Integer({ description: 'So often one of them would have come back.' }),
            firings: Type.Array(
              Type.Object({
                subject: Type.String(),
                from: Type.String({ format: 'date-time' }),
                to: Text,
                times: Type.Integer(),
                message: Type.String(),
              }),
              { description: `The first ${FIRINGS_MAX}.` },
            ),
          }),
          default: Problem,
        },
      },
    },
    async ({ params: { kind }, query }) => {
      const now = clock();
      const to = Math.min(now, timeOf(query.to, 'to') ?? now);
      const from = timeOf(query.from, 'from') ?? to - WEEK_MS;
      if (from >= to) throw new ApiFault(400, 'bad-request', 'from: must be before to.');
      if (to - from > PAST_MOST_MS) throw new ApiFault(400, 'bad-request', 'from: at most a year before to.');
      const plan = withAlerts(await catalogue.one(query.site), kind, query);
      const rule = rulesOf(alerts, plan)[kind];
      const plans = await catalogue.all();
      const past = { database: pool, telemetry, plan, plans, from, to, tellsForAll: tellsForAll(plan.site, plans) };
      const firings = await dryRun(past, kind, rule);
      return {
        site: plan.site,
        kind,
        from: formatTime(from),
        to: formatTime(to),
        rule: { ...rule },
        alerts: firings.length,
        reopened: firings.reduce((sum, { times }) => sum + times - 1, 0),
        firings: firings.slice(0, FIRINGS_MAX).map((firing) => ({
          ...firing,
          from: formatTime(firing.from),
          to: timeText(firing.to ?? null),
        })),
      };
    },
  );

  app.get(
    '/v1/alert-channels',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Who is told of alerts, and whether it works',
        querystring: Type.Object(Paging),
        response: {
          200: Page(
            Type.Object({
              channel: Type.String(),
              kind: Type.Enum(['mqtt', 'webhook', 'mail']),
              waiting: Type.Integer({ description: 'Messages that it has not taken yet.' }),
              delivered: Type.Integer(),
              failures: Type.Integer({ description: 'Tries that failed.' }),
              deliveredAt: Text,
              failingSince: Text,
              error: Text,
            }),
          ),
          default: Problem,
        },
      },
    },
    async ({ query }) => {
      const [after = ''] = keyOf(query.cursor, ['text']) ?? [];
      const { rows } = await pool.query<ChannelRow>(
        `select coalesce(c.channel, d.channel) as channel, coalesce(c.delivered, 0) as delivered, coalesce(c.failures, 0) as failures,
                c.delivered_at, c.failing_since, c.error, coalesce(d.waiting, 0) as waiting
         from alert_channel c
         full join (select channel, count(*) as waiting from alert_delivery where delivered_at is null group by channel) d using (channel)`,
      );
      const known = new Map(rows.map((row) => [row.channel, row]));
      const rest = channelsOf(alerts)
        .filter(({ id }) => id > after)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return pageOf(
        rest,
        query.limit ?? LIMIT_DEFAULT,
        ({ id, kind }) => {
          const row = known.get(id);
          return {
            channel: id,
            kind,
            waiting: row?.waiting ?? 0,
            delivered: row?.delivered ?? 0,
            failures: row?.failures ?? 0,
            deliveredAt: timeText(row?.delivered_at ?? null),
            failingSince: timeText(row?.failing_since ?? null),
            error: row?.error ?? null,
          };
        },
        ({ id }) => [id],
      );
    },
  );
}

interface ChannelRow {
  readonly channel: string;
  readonly waiting: number;
  readonly delivered: number;
  readonly failures: number;
  readonly delivered_at: number | null;
  readonly failing_since: number | null;
  readonly error: string | null;
}

/** The site as its file would be with these limits and levels. Throws `bad-request` for what no site file may say. */
function withAlerts(
  plan: SitePlan,
  kind: AlertKind,
  asked: { readonly limits?: string; readonly levels?: string },
): SitePlan {
  const { source } = plan;
  const { alerts } = source.file;
  const limits = asked.limits === undefined ? {} : limitsOf(kind, asked.limits);
  const file: SiteFile = {
    ...source.file,
    alerts: {
      ...alerts,
      rules: { ...alerts?.rules, [kind]: { ...alerts?.rules?.[kind], ...limits[kind] } },
      ...(asked.levels === undefined ? {} : { levels: levelsOf(asked.levels) }),
    },
  };
  const problems: { instancePath: string; message: string }[] = [];
  checkSiteAlerts(file, (path, reason) => problems.push({ instancePath: `/${path.join('/')}`, message: reason }));
  if (problems.length > 0) refuse('limits or levels', problems);
  return planSite({ ...source, file });
}

function limitsOf(kind: AlertKind, text: string): AlertRuleOverrides {
  const limits = { [kind]: parsed(text, 'limits') };
  return checkLimits.Check(limits) ? limits : refuse('limits', checkLimits.Errors(limits));
}

function levelsOf(text: string): readonly Level[] {
  const levels = parsed(text, 'levels');
  return checkLevels.Check(levels) ? levels : refuse('levels', checkLevels.Errors(levels));
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiFault(400, 'bad-request', `${name}: is no JSON.`);
  }
}

function refuse(name: string, errors: readonly { readonly instancePath: string; readonly message: string }[]): never {
  const reasons = errors.slice(0, 5).map(({ instancePath, message }) => `${instancePath} ${message}`);
  throw new ApiFault(400, 'bad-request', `${name}: ${reasons.join('; ')}.`);
}
