// What is wrong now, how sure that is, what should be done; and its history. People acknowledge, snooze and resolve.
import { Type, type TSchema } from 'typebox';
import { ALERT_KINDS } from '../config/alertKinds.ts';
import { SEVERITIES } from '../config/alertRule.ts';
import type { SitePlan } from '../config/plan.ts';
import { Strict } from '../config/schema.ts';
import type { Action, Alert } from '../watch/alert.ts';
import { channelsOf } from '../watch/channels/channels.ts';
import { keepAction } from '../watch/keep.ts';
import { alertJson, alertOf, type AlertRow } from '../watch/rows.ts';
import { AlertJson } from '../wire/alert.ts';
import { formatTime } from '../wire/time.ts';
import { actorOf, KeyHeader, keyOfRequest } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters, newest } from './filters.ts';
import { Page, pageOf, Paging, timeOf, timeText } from './lists.ts';
import { ApiFault, notFound, Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const AlertPath = Type.Object({ id: Type.String({ format: 'uuid' }) });
const Note = Type.Optional(Type.String({ maxLength: 500, description: 'For whoever looks at it next.' }));
const STATES = ['open', 'acknowledged', 'snoozed', 'resolved'] as const;
const CHANGES_MAX = 1000;
const SNOOZE_MOST_MS = 90 * 86_400_000;

const ALERTS = { table: 'alert', as: 'a', columns: 'a.*', time: 'opened_at' } as const;

const AlertChangeJson = Type.Object({
  revision: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  change: Type.String({ description: 'opened, reopened, acknowledged, snoozed, woken, escalated or resolved.' }),
  actor: Type.String({ description: '`tallygate`, or who did it.' }),
  note: Text,
  state: Type.String(),
  severity: Type.String(),
  message: Type.String({ description: 'What was wrong then.' }),
});

const AlertWithHistory = Type.Object({
  alert: AlertJson,
  history: Type.Array(AlertChangeJson, { description: 'Newest first.' }),
  told: Type.Array(
    Type.Object({
      channel: Type.String(),
      revision: Type.Integer(),
      dueAt: Type.String({ format: 'date-time' }),
      attempts: Type.Integer(),
      deliveredAt: Text,
      error: Text,
    }),
    { description: 'Which channel was told of which change, or is still to be; kept for a week.' },
  ),
});

export function alertRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/alerts',
    {
      schema: {
        tags: ['alerts'],
        summary: 'What is wrong now, the newest first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          kind: Type.Optional(Type.Enum([...ALERT_KINDS])),
          state: Type.Optional(
            Type.Enum(['present', ...STATES, 'all'], {
              default: 'present',
              description: 'present: all that are not resolved.',
            }),
          ),
          severity: Type.Optional(Type.Enum([...SEVERITIES])),
          ...Paging,
        }),
        response: { 200: Page(AlertJson), default: Problem },
      },
    },
    async ({ query }) => {
      const plans = await catalogue.asked(query.site);
      const { state = 'present' } = query;
      const where = filters();
      where.add('a.kind = $', query.kind);
      where.add('a.severity = $', query.severity);
      if (state === 'present') where.addAll("a.state <> 'resolved'");
      else where.add('a.state = $', state === 'all' ? undefined : state);
      const { limit, ...statement } = newest(ALERTS, plans, where, query);
      const { rows } = await pool.query<AlertRow & Record<string, unknown>>(statement);
      return pageOf(
        rows,
        limit,
        (row) => alertJson(alertOf(row)),
        (row) => [formatTime(row.opened_at), row.id],
      );
    },
  );

  app.get(
    '/v1/alerts/:id',
    {
      schema: {
        tags: ['alerts'],
        summary: 'One alert, with its history and who was told',
        params: AlertPath,
        response: { 200: AlertWithHistory, default: Problem },
      },
    },
    async ({ params }) => {
      const { alert } = await theAlert(context, params.id);
      const changes = await pool.query<ChangeRow>(
        `select revision, at, change, actor, note, state, severity, message from alert_change
         where site = $1 and alert = $2 order by revision desc limit $3`,
        [alert.site, alert.id, CHANGES_MAX],
      );
      const told = await pool.query<ToldRow>(
        `select channel, revision, due_at, attempts, delivered_at, error from alert_delivery
         where site = $1 and alert = $2 order by revision desc, channel limit $3`,
        [alert.site, alert.id, CHANGES_MAX],
      );
      return {
        alert: alertJson(alert),
        history: changes.rows.map((row) => ({ ...row, at: formatTime(row.at) })),
        told: told.rows.map((row) => ({
          channel: row.channel,
          revision: row.revision,
          dueAt: formatTime(row.due_at),
          attempts: row.attempts,
          deliveredAt: timeText(row.delivered_at),
          error: row.error,
        })),
      };
    },
  );

  actionRoute(app, context, {
    name: 'acknowledge',
    summary: 'Somebody looks after it: it rises no further',
    body: Strict({ note: Note }),
    actionOf: () => ({ kind: 'acknowledge' }),
  });
  actionRoute(app, context, {
    name: 'snooze',
    summary: 'Nothing is told of it for a while, unless it becomes worse',
    body: Strict({
      forMs: Type.Optional(Type.Integer({ minimum: 1000, maximum: SNOOZE_MOST_MS })),
      until: Type.Optional(Type.String({ maxLength: 40, description: 'RFC 3339, instead of `forMs`.' })),
      note: Note,
    }),
    actionOf: ({ forMs, until }, now) => ({ kind: 'snooze', until: snoozeEnd(forMs, until, now) }),
  });
  actionRoute(app, context, {
    name: 'resolve',
    summary: 'It is put right. If its cause goes on, it comes back',
    body: Strict({ note: Note }),
    actionOf: () => ({ kind: 'resolve' }),
  });
}

interface ChangeRow {
  readonly revision: number;
  readonly at: number;
  readonly change: string;
  readonly actor: string;
  readonly note: string | null;
  readonly state: string;
  readonly severity: string;
  readonly message: string;
}

interface ToldRow {
  readonly channel: string;
  readonly revision: number;
  readonly due_at: number;
  readonly attempts: number;
  readonly delivered_at: number | null;
  readonly error: string | null;
}

interface ActionBody {
  readonly note?: string;
  readonly forMs?: number;
  readonly until?: string;
}

/** Alerts are no part of the ledger: what people do with them is kept in their history, not in the journal (decision D16). */
function actionRoute(
  app: App,
  context: Context,
  {
    name,
    summary,
    body,
    actionOf,
  }: {
    readonly name: string;
    readonly summary: string;
    readonly body: TSchema;
    readonly actionOf: (body: ActionBody, now: number) => Action;
  },
): void {
  const { pool, clock, alerts } = context;
  app.post(
    `/v1/alerts/:id/${name}`,
    {
      // Nothing to say is as good as an empty body.
      preValidation: async (request) => {
        request.body ??= {};
      },
      schema: {
        tags: ['alerts'],
        summary,
        params: AlertPath,
        headers: KeyHeader,
        body,
        response: { 200: AlertJson, default: Problem },
      },
    },
    async (request) => {
      const { alert, plan } = await theAlert(context, request.params.id);
      const now = clock();
      const asked = request.body as ActionBody;
      const kept = await keepAction(
        pool,
        alert.site,
        alert.id,
        {
          action: actionOf(asked, now),
          request: asked,
          actor: actorOf(request),
          note: asked.note?.trim() === '' ? undefined : asked.note,
          key: keyOfRequest(request),
        },
        { channels: channelsOf(alerts), timeZone: plan.timeZone, page: alerts.page },
        now,
      );
      if (kept === undefined) throw notFound(`There is no alert ${request.params.id}.`);
      return alertJson(kept);
    },
  );
}

/** Throws `not-found`. */
async function theAlert(
  { pool, catalogue }: Context,
  id: string,
): Promise<{ readonly alert: Alert; readonly plan: SitePlan }> {
  const plans = await catalogue.all();
  const { rows } = await pool.query<AlertRow & Record<string, unknown>>(
    'select * from alert where id = $1 and site = any ($2)',
    [id, plans.map(({ site }) => site)],
  );
  if (rows[0] === undefined) throw notFound(`There is no alert ${id}.`);
  return { alert: alertOf(rows[0]), plan: plans.find(({ site }) => site === rows[0]!.site)! };
}

function snoozeEnd(forMs: number | undefined, until: string | undefined, now: number): number {
  if ((forMs === undefined) === (until === undefined))
    throw new ApiFault(400, 'bad-request', 'Say either forMs or until.');
  const end = forMs === undefined ? timeOf(until, 'until')! : now + forMs;
  if (end <= now || end > now + SNOOZE_MOST_MS)
    throw new ApiFault(400, 'bad-request', 'until: must lie in the future, at most 90 days from now.');
  return end;
}
