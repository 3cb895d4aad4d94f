// What people and systems do with orders, pick lists and loads. Each goes through the site's journal.
import type { FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { Strict } from '../config/schema.ts';
import { CommandSchemas, type Command } from '../wire/command.ts';
import { Id } from '../wire/id.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { revisionOf } from './etag.ts';
import { Problem } from './problem.ts';

const Path = Type.Object({ id: Id });
const LinePath = Type.Object({ id: Id, line: Type.Integer({ minimum: 1, maximum: 100_000 }) });

export function outboundCommandRoutes(app: App, context: Context): void {
  const run = (request: FastifyRequest, kind: Command['kind'], more: Record<string, unknown> = {}) =>
    runCommand(context, request, kind, { ...(request.body as Body), ...more });
  const schemaOf = (tag: string, summary: string, body: TSchema, description?: string, params?: TSchema) => ({
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    headers: KeyHeader,
    ...(params === undefined ? {} : { params }),
    body,
    response: { 200: CommandAnswer, default: Problem },
  });
  const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;
  /** The number of what is new stands in the body, under `id`. */
  const numbered = (kind: 'order' | 'open-load' | 'release', field: string): TSchema => {
    const { [field]: id, ...rest } = (bodyOf(CommandSchemas[kind]) as { properties: Record<string, TSchema> })
      .properties;
    return Strict({ ...rest, id: id! });
  };
  const runNumbered = (request: FastifyRequest, kind: Command['kind'], field: string) => {
    const { id, ...body } = request.body as Body & { readonly id?: string };
    return runCommand(context, request, kind, { ...body, ...(id === undefined ? {} : { [field]: id }) });
  };

  app.post(
    '/v1/orders',
    {
      schema: schemaOf(
        'orders',
        'Enter an order of a customer',
        numbered('order', 'order'),
        `It is promised at once what is stored, available and promised to nobody else, never more; \`detail.lines\` says how much of each
line, and what is back-ordered. New stock goes to those who wait by priority, then \`shipBy\`.`,
      ),
    },
    (request) => runNumbered(request, 'order', 'order'),
  );
  app.put(
    '/v1/orders/:id',
    {
      schema: {
        ...schemaOf(
          'orders',
          'Amend it: everything that it says from now on',
          bodyOf(CommandSchemas['amend-order'], 'order', 'revision'),
          'With `If-Match` (the ETag it was read with) it is refused when somebody amended it since.',
          Path,
        ),
        headers: Type.Object({ ...KeyHeader.properties, 'if-match': Type.Optional(Type.String({ maxLength: 200 })) }),
      },
    },
    (request) => {
      const revision = revisionOf(request.headers['if-match'], 'an order');
      return run(request, 'amend-order', { order: idOf(request), ...(revision === undefined ? {} : { revision }) });
    },
  );
  app.post(
    '/v1/orders/:id/cancellation',
    {
      schema: schemaOf(
        'orders',
        'Say that nobody waits for it any more',
        bodyOf(CommandSchemas['cancel-order'], 'order'),
        'What it was promised is free for others; `detail.toPutBack` says what was picked for it already.',
        Path,
      ),
    },
    (request) => run(request, 'cancel-order', { order: idOf(request) }),
  );
  app.post(
    '/v1/orders/:id/release',
    {
      schema: schemaOf(
        'orders',
        'Release it to be picked, on a list of its own',
        bodyOf(CommandSchemas.release, 'orders'),
        '`detail.pick` is the number of the list. POST /v1/picks puts several orders on one.',
        Path,
      ),
    },
    (request) => run(request, 'release', { orders: [idOf(request)] }),
  );
  app.post(
    '/v1/picks',
    {
      schema: schemaOf(
        'picks',
        'Release several orders to be picked together',
        numbered('release', 'pick'),
        `Each line names bin and lot: what expires first, else what lies there longest; of what has tags any item of that bin. \`method\` says how
it is grouped for those who pick; \`detail.picks\` are the lists where there are several, \`detail.wave\` what they have in common.`,
      ),
    },
    (request) => runNumbered(request, 'release', 'pick'),
  );
  const lineOf = (request: FastifyRequest) => {
    const { id, line } = request.params as { id: string; line: number };
    return { pick: id, line };
  };
  app.post(
    '/v1/picks/:id/lines/:line/confirmation',
    {
      schema: schemaOf(
        'picks',
        'Confirm by a scan what was taken',
        bodyOf(CommandSchemas['confirm-pick'], 'pick', 'line'),
        'A tag, a GS1 barcode with lot and expiry, or the label of the bin; of a cluster the `tote` that it was put into as well. What is wrong is refused, and posts nothing. Of a batch it is for all lines of the stop.',
        LinePath,
      ),
    },
    (request) => run(request, 'confirm-pick', lineOf(request)),
  );
  app.post(
    '/v1/picks/:id/lines/:line/shortage',
    {
      schema: schemaOf(
        'picks',
        'Say that it is not there',
        bodyOf(CommandSchemas['short-pick'], 'pick', 'line'),
        'It is taken from another bin where one has it (`detail.lines`); otherwise the promise is broken. The bin is promised to nobody until it is counted.',
        LinePath,
      ),
    },
    (request) => run(request, 'short-pick', lineOf(request)),
  );
  app.post(
    '/v1/picks/:id/sorting',
    {
      schema: schemaOf(
        'picks',
        'Sort what was picked in a batch: a scan says which order it is for',
        bodyOf(CommandSchemas['sort-pick'], 'pick'),
        '`detail.order` is where it goes; with `order` (where it was put) it is refused when that is another one. Orders are packed when all of theirs is sorted.',
        Path,
      ),
    },
    (request) => run(request, 'sort-pick', { pick: idOf(request) }),
  );
  app.post(
    '/v1/loads',
    {
      schema: schemaOf(
        'loads',
        'Open a load: orders that leave together',
        numbered('open-load', 'load'),
        'A tag that goes out at another door, or that was never picked, is told at once.',
      ),
    },
    (request) => runNumbered(request, 'open-load', 'load'),
  );
  app.put(
    '/v1/loads/:id',
    {
      schema: schemaOf(
        'loads',
        'Amend it while it is open: door, carrier, seals and orders, everything that it says from now on',
        bodyOf(CommandSchemas['amend-load'], 'load'),
        'An order of which something is on the truck cannot be taken off it before that is.',
        Path,
      ),
    },
    (request) => run(request, 'amend-load', { load: idOf(request) }),
  );
  app.post(
    '/v1/loads/:id/closing',
    {
      schema: schemaOf(
        'loads',
        'Close it: the truck leaves',
        bodyOf(CommandSchemas['close-load'], 'load'),
        '`detail` says which orders are complete, and what is missing of the others, line by line. What is on it is with the customers from now on.',
        Path,
      ),
    },
    (request) => run(request, 'close-load', { load: idOf(request) }),
  );
}
