// For whoever runs it: alive, ready, figures.
import { Type } from 'typebox';
import { messageOf } from '../kit/faults.ts';
import type { Pool } from '../store/database.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context, EngineReport } from './context.ts';
import { Problem } from './problem.ts';

/** Rows that may wait before the service calls itself behind. */
const WAITING_ROWS_MAX = 10_000;

export function operationRoutes(app: App, { pool, engine }: Context): void {
  app.get(
    '/livez',
    {
      schema: {
        tags: ['operation'],
        summary: 'The process answers',
        response: { 200: Type.Object({ status: Type.Literal('alive') }), default: Problem },
      },
    },
    async () => ({
      status: 'alive' as const,
    }),
  );

  const Ready = Type.Object({
    status: Type.Enum(['ready', 'not-ready']),
    checks: Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), detail: Type.String() })),
  });
  app.get(
    '/readyz',
    {
      schema: {
        tags: ['operation'],
        summary: 'It can do its work: database, engine, an external broker, lag',
        response: { 200: Ready, 503: Ready, default: Problem },
      },
    },
    async (_request, reply) => {
      const [database, report, alerts] = await Promise.all([
        pool.query('select 1').then(
          () => ({ ok: true, detail: 'Postgres answers' }),
          (error: unknown) => ({ ok: false, detail: `Postgres does not answer: ${messageOf(error)}` }),
        ),
        engine.health(),
        channelsText(pool).catch(() => 'not known'),
      ]);
      const lag = report?.sites.reduce((most, { lagRows }) => Math.max(most, lagRows), 0) ?? 0;
      const checks = {
        database,
        engine:
          report === undefined
            ? { ok: false, detail: 'the engine does not answer' }
            : {
                ok: report.database,
                detail: report.database
                  ? 'the engine takes messages'
                  : 'the engine waits for Postgres; nothing is acknowledged',
              },
        ...(report?.broker === undefined ? {} : { broker: brokerCheck(report.broker) }),
        lag: { ok: lag <= WAITING_ROWS_MAX, detail: lagText(lag) },
        // Whoever cannot be told of alerts is no reason to send this service no more reads.
        alerts: { ok: true, detail: alerts },
      };
      const isReady = Object.values(checks).every(({ ok }) => ok);
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not-ready', checks });
    },
  );

  app.get(
    '/metrics',
    {
      schema: {
        tags: ['operation'],
        summary: 'Figures for Prometheus',
        response: {
          200: {
            description: 'In the text format of Prometheus.',
            content: { 'text/plain': { schema: Type.String() } },
          },
          503: { description: 'The engine does not answer.', content: { 'text/plain': { schema: Type.String() } } },
          default: Problem,
        },
      },
    },
    async (_request, reply) => {
      const text = await engine.metrics();
      if (text === undefined) return reply.code(503).type('text/plain').send('# the engine does not answer\n');
      return reply.type('text/plain; version=0.0.4').send(text);
    },
  );
}

function brokerCheck({ url, sessions, connected, reason }: NonNullable<EngineReport['broker']>): {
  ok: boolean;
  detail: string;
} {
  if (sessions === 0) return { ok: true, detail: 'other processes derive the sites; this one stands by' };
  if (connected === sessions)
    return { ok: true, detail: `${url} is connected, for ${sessions === 1 ? '1 site' : `${sessions} sites`}` };
  const why = reason === undefined ? 'it has not answered yet' : reason;
  return { ok: false, detail: `${url} is not reached for ${sessions - connected} of ${sessions} sites: ${why}` };
}

function lagText(rows: number): string {
  if (rows === 0) return 'every journal row is in the ledger';
  return rows === 1 ? '1 journal row is not yet in the ledger' : `${rows} journal rows are not yet in the ledger`;
}

async function channelsText(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ channel: string; failing_since: number; error: string }>(
    'select channel, failing_since, error from alert_channel where failing_since is not null order by channel',
  );
  if (rows.length === 0) return 'every channel of alerts takes what it is told';
  return rows
    .map(({ channel, failing_since: since, error }) => `${channel} takes nothing since ${formatTime(since)}: ${error}`)
    .join('; ');
}
