// What people and systems do with inbound documents: announce, amend, cancel; open a receipt, receive, close it. Each goes through
// the site's journal.
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

export function inboundCommandRoutes(app: App, context: Context): void {
  const run = (request: FastifyRequest, kind: Command['kind'], more: Record<string, unknown>) =>
    runCommand(context, request, kind, { ...(request.body as Body), ...more });
  const schemaOf = (summary: string, body: TSchema, description?: string) => ({
    tags: ['inbounds'],
    summary,
    ...(description === undefined ? {} : { description }),
    headers: KeyHeader,
    params: Path,
    body,
    response: { 200: CommandAnswer, default: Problem },
  });
  const idOf = (request: FastifyRequest) => ({ inbound: (request.params as { id: string }).id });

  const { inbound, ...announced } = (bodyOf(CommandSchemas.announce) as { properties: Record<string, TSchema> })
    .properties;
  app.post(
    '/v1/inbounds',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'Announce a purchase order or a ship notice',
        description: `Tags that came before are found and counted. \`id\` is the number under which the supplier, or your own system, knows it.
Its lists of EPCs weigh what readers hear at the doors; they never count anything by themselves.`,
        headers: KeyHeader,
        body: Strict({ ...announced, id: inbound! }),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) => {
      const { id, ...body } = request.body as Body & { readonly id: string };
      return runCommand(context, request, 'announce', { ...body, inbound: id });
    },
  );
  app.put(
    '/v1/inbounds/:id',
    {
      schema: {
        ...schemaOf(
          'Amend it: everything that it says from now on',
          bodyOf(CommandSchemas.amend, 'inbound', 'revision'),
          'With `If-Match` (the ETag it was read with) it is refused when somebody amended it since.',
        ),
        headers: Type.Object({ ...KeyHeader.properties, 'if-match': Type.Optional(Type.String({ maxLength: 200 })) }),
      },
    },
    (request) => {
      const revision = revisionOf(request.headers['if-match'], 'an inbound');
      return run(request, 'amend', { ...idOf(request), ...(revision === undefined ? {} : { revision }) });
    },
  );
  app.post(
    '/v1/inbounds/:id/cancellation',
    { schema: schemaOf('Say that nothing more of it is to come', bodyOf(CommandSchemas['cancel-inbound'], 'inbound')) },
    (request) => run(request, 'cancel-inbound', idOf(request)),
  );
  app.post(
    '/v1/inbounds/:id/receipt',
    {
      schema: schemaOf(
        'Open a receipt: its truck is at the door',
        bodyOf(CommandSchemas['open-receipt'], 'inbound'),
        'It opens by itself when goods of it come; said by a person it also tells whose truck stands at the door.',
      ),
    },
    (request) => run(request, 'open-receipt', idOf(request)),
  );
  app.post(
    '/v1/inbounds/:id/goods',
    {
      schema: schemaOf(
        'Receive by hand: tags that a handheld read, or a quantity that has none',
        bodyOf(CommandSchemas.receive, 'inbound'),
        'Tags that are here already and are of no document, or of several alike, are of this one from then on.',
      ),
    },
    (request) => run(request, 'receive', idOf(request)),
  );
  app.post(
    '/v1/inbounds/:id/closing',
    {
      schema: schemaOf(
        'Close the receipt: what is short, over or unexpected is told, and the rest stays open',
        bodyOf(CommandSchemas['close-receipt'], 'inbound'),
      ),
    },
    (request) => run(request, 'close-receipt', idOf(request)),
  );
}
