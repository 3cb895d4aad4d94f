// What people do at a pack bench. Each goes through the site's journal.
import type { FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { CommandSchemas, type Command } from '../wire/command.ts';
import { Id } from '../wire/id.ts';
import { Sscc } from '../wire/packing.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { Problem, notFound } from './problem.ts';
import type { PickLineRow } from './orderJson.ts';

const Path = Type.Object({ id: Sscc });
const LinePath = Type.Object({ id: Id, line: Type.Integer({ minimum: 1, maximum: 100_000 }) });

/** Route below `/v1/cartons/{id}` → the command that it is, and what it does. */
const ACTS = [
  [
    'contents',
    'pack-item',
    'Pack what is scanned',
    `A tag, or a barcode with a quantity. What is not of the order, was not picked for it, or is more than was picked is refused with the reason.
\`detail.missing\` says what the order needs that is in no carton.`,
  ],
  [
    'unpacking',
    'unpack-item',
    'Take out what is scanned, or everything',
    'It stands at the bench again, picked for its order as before.',
  ],
  [
    'closing',
    'close-carton',
    'Close it: it is a container from now on, and what is in it travels with it',
    `What the bench hears of the order and nobody has scanned is packed with it. Refused while something is there that is not of the order (name in
\`beside\` what only lies beside it), and when an order that goes whole is not complete, unless \`more\` cartons follow; of an order that may go in parts \`isShort\` says so.`,
  ],
  ['reopening', 'reopen-carton', 'Open it again', 'What is in it stays in it.'],
  ['cancellation', 'cancel-carton', 'Give it up: everything is taken out', 'Its number is not used again.'],
] as const satisfies readonly (readonly [string, Command['kind'], string, string])[];

export function packingCommandRoutes(app: App, context: Context): void {
  const schemaOf = (tag: string, summary: string, description: string, body: TSchema, params?: TSchema) => ({
    tags: [tag],
    summary,
    description,
    headers: KeyHeader,
    ...(params === undefined ? {} : { params }),
    body,
    response: { 200: CommandAnswer, default: Problem },
  });
  const bodyOfRequest = (request: FastifyRequest): Body => request.body as Body;

  app.post(
    '/v1/cartons',
    {
      schema: schemaOf(
        'cartons',
        'Open a carton for an order at a pack bench',
        '`detail.carton` is its SSCC, the next one of the GS1 company prefix of the site file; `detail.missing` is what the order needs.',
        bodyOf(CommandSchemas['open-carton']),
      ),
    },
    (request) => runCommand(context, request, 'open-carton', bodyOfRequest(request)),
  );
  for (const [route, kind, summary, description] of ACTS) {
    app.post(
      `/v1/cartons/:id/${route}`,
      { schema: schemaOf('cartons', summary, description, bodyOf(CommandSchemas[kind], 'carton'), Path) },
      (request) =>
        runCommand(context, request, kind, {
          ...bodyOfRequest(request),
          carton: (request.params as { id: string }).id,
        }),
    );
  }
  app.post(
    '/v1/picks/:id/lines/:line/wrong-item',
    {
      schema: schemaOf(
        'picks',
        'Say that a customer got something else than this line says',
        `Both bins are put right: what was ordered is in its bin still, what was sent is gone from its own. The order waits for what it did not get, and what
came back stands as returned where \`to\` says.`,
        bodyOf(CommandSchemas['wrong-pick'], 'pick', 'line', 'ordered'),
        LinePath,
      ),
    },
    async (request) => {
      const { id, line } = request.params as { id: string; line: number };
      const body = bodyOfRequest(request);
      return runCommand(context, request, 'wrong-pick', {
        ...body,
        pick: id,
        line,
        ordered: await orderedBy(context, body.site, id, line),
      });
    },
  );
}

/** What a line of a pick list was for: the list itself may be forgotten by the time a customer complains. */
async function orderedBy({ pool, catalogue }: Context, site: string, pick: string, line: number) {
  await catalogue.one(site);
  const { rows } = await pool.query<PickLineRow & Record<string, unknown>>({
    name: 'pick-line',
    text: 'select * from pick_line where site = $1 and pick = $2 and line = $3',
    values: [site, pick, line],
  });
  const row = rows[0];
  if (row === undefined) throw notFound(`There is no line ${line} of a pick list ${pick} at ${site}.`);
  const { order_id: order, order_line: orderLine, sku, lot, owner, location } = row;
  return { order, orderLine, sku, lot, owner, location };
}
