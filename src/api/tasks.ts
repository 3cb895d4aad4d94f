// Tasks: what is to be brought to which bin, and why. Putaways, replenishments and relocations are listed apart, and done alike.
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { CommandSchemas } from '../wire/command.ts';
import { TASK_STATES, type TaskCommand, type TaskKind } from '../wire/task.ts';
import { formatTime } from '../wire/time.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { notFound, Problem } from './problem.ts';
import { TaskJson, taskJson, type TaskRow } from './taskJson.ts';

interface Listed {
  readonly path: string;
  readonly kind: TaskKind;
  readonly what: string;
  readonly summary: string;
}

const LISTED: readonly Listed[] = [
  {
    path: '/v1/putaways',
    kind: 'putaway',
    what: 'putaway',
    summary: 'What stands where goods come in, with the bin that it is directed to; the oldest first',
  },
  {
    path: '/v1/replenishments',
    kind: 'replenish',
    what: 'replenishment',
    summary: 'Pick faces below their minimum, with what fills them from reserve; the oldest first',
  },
  {
    path: '/v1/relocations',
    kind: 'relocate',
    what: 'relocation',
    summary: 'What somebody wants to lie in another bin; the oldest first',
  },
];

export function taskRoutes(app: App, context: Context): void {
  for (const listed of LISTED) {
    listRoutes(app, context, listed);
    commandsOf(app, context, listed);
  }
  relocationRoutes(app, context);
}

function listRoutes(app: App, context: Context, { path, kind, what, summary }: Listed): void {
  const { pool, catalogue, clock } = context;
  app.get(
    path,
    {
      schema: {
        tags: ['tasks'],
        summary,
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...TASK_STATES, 'all'], { default: 'open' })),
          sku: Type.Optional(Type.String({ maxLength: 64 })),
          from: Type.Optional(Type.String({ maxLength: 64 })),
          to: Type.Optional(Type.String({ maxLength: 64, description: 'The bin.' })),
          claimed: Type.Optional(Type.Boolean({ description: 'Only those that somebody has, or nobody.' })),
          ...Paging,
        }),
        response: { 200: Page(TaskJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'open', limit = LIMIT_DEFAULT, claimed } = query;
      const now = clock();
      const where = filters();
      where.add(
        't.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('t.kind = $', kind);
      where.add('t.state = $', state === 'all' ? undefined : state);
      where.add('t.sku = $', query.sku);
      where.add('t.from_location = $', query.from);
      where.add('t.to_location = $', query.to);
      if (claimed !== undefined)
        where.addAll('coalesce(t.claimed_until > $1::timestamptz, false) = $2', formatTime(now), claimed);
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined) where.addAll('(t.created_at, t.task, t.site) > ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<TaskRow & Record<string, unknown>>(
        `select t.* from task t where ${where.where()} order by t.created_at, t.task, t.site limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(
        rows,
        limit,
        (row) => taskJson(row, now),
        (row) => [formatTime(row.created_at), row.task, row.site],
      );
    },
  );

  app.get(
    `${path}/:id`,
    {
      schema: {
        tags: ['tasks'],
        summary: `One ${what}, with its reason`,
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: TaskJson, default: Problem },
      },
    },
    async ({ params, query }) => {
      const row = await oneOf<TaskRow>(context, 'task', params.id, query.site);
      if (row.kind !== kind) throw notFound(`${params.id} is no ${what}.`);
      return taskJson(row, clock());
    },
  );
}

function commandsOf(app: App, context: Context, { path, what }: Listed): void {
  const run = (request: FastifyRequest, kind: TaskCommand['kind']) =>
    runCommand(context, request, kind, {
      ...(request.body as Body),
      task: (request.params as { id: string }).id,
    });
  const schemaOf = (kind: TaskCommand['kind'], summary: string, description: string) => ({
    tags: ['tasks'],
    summary,
    description,
    headers: KeyHeader,
    params: Path,
    body: bodyOf(CommandSchemas[kind], 'task'),
    response: { 200: CommandAnswer, default: Problem },
  });
  app.post(
    `${path}/:id/claim`,
    {
      schema: schemaOf(
        'claim-task',
        `Take a ${what}: nobody else is to go`,
        'For `X-Operator`, until `detail.until`; then others may take it. Claimed again by the same person it is theirs for longer.',
      ),
    },
    (request) => run(request, 'claim-task'),
  );
  app.post(
    `${path}/:id/release`,
    { schema: schemaOf('release-task', `Give a ${what} back`, 'Only who has it may, until the time is over.') },
    (request) => run(request, 'release-task'),
  );
  app.post(
    `${path}/:id/confirmation`,
    {
      schema: schemaOf(
        'confirm-task',
        `Confirm a ${what} by a scan of the bin`,
        'Of the bin that the goods were put into, whichever it was: another one than directed is booked, and told (`other-bin`).',
      ),
    },
    (request) => run(request, 'confirm-task'),
  );
}

/** Relocations are made and given up by people. */
function relocationRoutes(app: App, context: Context): void {
  const answer = { tags: ['tasks'], headers: KeyHeader, response: { 200: CommandAnswer, default: Problem } };
  app.post(
    '/v1/relocations',
    {
      schema: {
        ...answer,
        summary: 'Say that goods are to lie in another bin',
        description: `What pick lists or other tasks take from there is left to them, and the bin must have room. \`detail.tasks\` are the tasks that it became: one for each
lot and container. Nothing is moved by it; somebody takes the task, from the queue or by its number.`,
        body: bodyOf(CommandSchemas.relocate),
      },
    },
    (request) => runCommand(context, request, 'relocate', request.body as Body),
  );
  app.post(
    '/v1/relocations/:id/cancellation',
    {
      schema: {
        ...answer,
        summary: 'Say that it is to stay where it lies',
        params: Path,
        body: bodyOf(CommandSchemas['cancel-task'], 'task'),
      },
    },
    (request) => runCommand(context, request, 'cancel-task', { ...(request.body as Body), task: request.params.id }),
  );
}
