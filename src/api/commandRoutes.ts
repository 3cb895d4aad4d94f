// Commands about stock: move, adjust, hold, remove, pack, unpack. Each goes through the site's journal.
import type { FastifyRequest } from 'fastify';
import { Type, type TObject, type TSchema } from 'typebox';
import { Strict } from '../config/schema.ts';
import { inBooks } from '../infer/balances.ts';
import { CommandSchemas, type Command } from '../wire/command.ts';
import { actorOf, CommandAnswer, KeyHeader, keyOfRequest } from './commands.ts';
import type { App, Context } from './context.ts';
import { canonical } from './epc.ts';
import { ApiFault, Problem } from './problem.ts';

const EpcPath = Type.Object({ epc: Type.String({ minLength: 2, maxLength: 128 }) });

/**
 * The body of a command: its fields and the site, without what the path says. Nothing else: a field that is misspelt would
 * be missing in the books, and `kind` would make another command of it.
 */
export function bodyOf(schema: TSchema, ...without: readonly string[]): TObject {
  const { properties } = schema as TObject;
  const kept = Object.entries(properties).filter(([name]) => name !== 'kind' && !without.includes(name));
  return Strict({ site: Type.String(), ...Object.fromEntries(kept) });
}

export type Body = { readonly site: string } & Readonly<Record<string, unknown>>;

/** Runs the command that a body and a path say; `fields` are those of the command, and the site. */
export async function runCommand(
  { catalogue, commands }: Context,
  request: FastifyRequest,
  kind: Command['kind'],
  { site, ...fields }: Body,
): Promise<CommandAnswer> {
  await catalogue.one(site);
  // The schema of the route is the schema of the command, so what has passed is one.
  const command = { kind, ...fields } as unknown as Command;
  return commands.run(site, keyOfRequest(request), actorOf(request), command);
}

export function commandRoutes(app: App, context: Context): void {
  const run = (request: FastifyRequest, kind: Command['kind'], more: Record<string, unknown> = {}) => {
    const body = request.body as Body;
    const { quantity } = body;
    if (typeof quantity === 'number' && inBooks(quantity) !== quantity)
      throw new ApiFault(
        400,
        'bad-request',
        `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`,
      );
    return runCommand(context, request, kind, { ...body, ...more });
  };
  const schemaOf = (summary: string, body: TSchema, params?: TSchema) => ({
    tags: ['commands'],
    summary,
    headers: KeyHeader,
    body,
    ...(params === undefined ? {} : { params }),
    response: { 200: CommandAnswer, default: Problem },
  });

  app.post(
    '/v1/movements',
    { schema: schemaOf('Say that something was moved', bodyOf(CommandSchemas.move)) },
    (request) => run(request, 'move'),
  );
  app.post(
    '/v1/adjustments',
    { schema: schemaOf('Correct stock without serial numbers', bodyOf(CommandSchemas.adjust)) },
    (request) => run(request, 'adjust'),
  );
  app.post(
    '/v1/holds',
    { schema: schemaOf('Change the status of stock: hold, release, damage', bodyOf(CommandSchemas.hold)) },
    (request) => run(request, 'hold'),
  );
  app.post(
    '/v1/items/:epc/removal',
    {
      schema: schemaOf(
        'Say that an item is gone: lost, scrapped, destroyed',
        bodyOf(CommandSchemas.remove, 'epc'),
        EpcPath,
      ),
    },
    (request) => run(request, 'remove', { epc: canonical((request.params as { epc: string }).epc) }),
  );
  app.post(
    '/v1/containers/:epc/pack',
    {
      schema: schemaOf(
        'Pack items into a container: they travel with it',
        bodyOf(CommandSchemas.pack, 'container'),
        EpcPath,
      ),
    },
    (request) => run(request, 'pack', { container: canonical((request.params as { epc: string }).epc) }),
  );
  app.post(
    '/v1/containers/:epc/unpack',
    { schema: schemaOf('Unpack items, or everything', bodyOf(CommandSchemas.unpack, 'container'), EpcPath) },
    (request) => run(request, 'unpack', { container: canonical((request.params as { epc: string }).epc) }),
  );
}
