// What people do with counts: plan them, count a bin, approve what differs. Each goes through the site's journal.
import type { FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { Strict } from '../config/schema.ts';
import { CommandSchemas, type Command } from '../wire/command.ts';
import { TASKS_MAX } from '../wire/counting.ts';
import { Id } from '../wire/id.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { Problem } from './problem.ts';

const Path = Type.Object({ id: Id });
const TaskPath = Type.Object({ id: Id, task: Type.Integer({ minimum: 1, maximum: TASKS_MAX }) });

export function countCommandRoutes(app: App, context: Context): void {
  const run = (request: FastifyRequest, kind: Command['kind'], more: Record<string, unknown> = {}) =>
    runCommand(context, request, kind, { ...(request.body as Body), ...more });
  const schemaOf = (summary: string, body: TSchema, description: string, params?: TSchema) => ({
    tags: ['counts'],
    summary,
    description,
    headers: KeyHeader,
    ...(params === undefined ? {} : { params }),
    body,
    response: { 200: CommandAnswer, default: Problem },
  });
  const taskOf = (request: FastifyRequest) => {
    const { id, task } = request.params as { id: string; task: number };
    return { count: id, task };
  };
  const { count: number, ...planned } = (
    bodyOf(CommandSchemas['plan-count']) as { properties: Record<string, TSchema> }
  ).properties;

  app.post(
    '/v1/counts',
    {
      schema: schemaOf(
        'Plan a count',
        Strict({ ...planned, id: number! }),
        '`detail` says the number of the plan and how many bins it has; bins that wait to be counted already are left out.',
      ),
    },
    (request) => {
      const { id, ...body } = request.body as Body & { readonly id?: string };
      return runCommand(context, request, 'plan-count', { ...body, ...(id === undefined ? {} : { count: id }) });
    },
  );
  app.post(
    '/v1/counts/:id/cancellation',
    {
      schema: schemaOf(
        'Count no more of it',
        bodyOf(CommandSchemas['cancel-count'], 'count'),
        'What was closed stays as it was posted.',
        Path,
      ),
    },
    (request) => run(request, 'cancel-count', { count: (request.params as { id: string }).id }),
  );
  app.post(
    '/v1/counts/:id/tasks/:task/entry',
    {
      schema: schemaOf(
        'Say what is in a bin',
        bodyOf(CommandSchemas['count-bin'], 'count', 'task'),
        `As of \`at\`: what moves there before it is closed is taken into account. \`detail.state\` is \`closed\`, \`recount\` when it differs
from the books by more than the tolerance, and \`approval\` when it does so again. What the books have is not told.`,
        TaskPath,
      ),
    },
    (request) => run(request, 'count-bin', taskOf(request)),
  );
  app.post(
    '/v1/counts/:id/tasks/:task/sweep',
    {
      schema: schemaOf(
        'Say that its tags were swept: by the antennas there, or a handheld',
        bodyOf(CommandSchemas['sweep-bin'], 'count', 'task'),
        `What was not read is not absent: \`detail.uncertain\` names tags that may only not have been read, with the probability that each is
missing. Sweep again, or say which were looked for in vain.`,
        TaskPath,
      ),
    },
    (request) => run(request, 'sweep-bin', taskOf(request)),
  );
  app.post(
    '/v1/counts/:id/tasks/:task/approval',
    {
      schema: schemaOf(
        'Approve what differs, or have it counted once more',
        bodyOf(CommandSchemas['approve-count'], 'count', 'task'),
        'By somebody who did not count it: `X-Operator` says who asks.',
        TaskPath,
      ),
    },
    (request) => run(request, 'approve-count', taskOf(request)),
  );
}
