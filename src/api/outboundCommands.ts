// What people and systems do with orders, pick lists and loads. Each goes through the site's journal.
import type { FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { Strict } from '../config/schema.ts';
import { CommandSchemas, type Command } from '../wire/command.ts';
import { Id } from '../wire/id.ts';
import type { OrderDocument } from '../wire/outbound.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { actorOf, CommandAnswer, KeyHeader, keyOfRequest } from './commands.ts';
import type { App, Context } from './context.ts';
import { revisionOf } from './etag.ts';
import { ApiFault, Problem } from './problem.ts';
import { CANDIDATES_MAX, sourceOrder } from './sourcing.ts';

const Path = Type.Object({ id: Id });
const LinePath = Type.Object({ id: Id, line: Type.Integer({ minimum: 1, maximum: 100_000 }) });

type SourcedBody = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly site?: string;
  readonly sites?: readonly string[];
  readonly split?: boolean;
  readonly region?: string;
};

/** The fields of a schema but one. */
function without(schema: TSchema, field: string): Record<string, TSchema> {
  const { [field]: _, ...rest } = (schema as unknown as { properties: Record<string, TSchema> }).properties;
  return rest;
}

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

  const { site, ...entered } = without(numbered('order', 'order'), 'sourcing');
  app.post(
    '/v1/orders',
    {
      schema: schemaOf(
        'orders',
        'Enter an order of a customer',
        Strict({
          ...entered,
          site: Type.Optional(site!),
          sites: Type.Optional(
            Type.Array(Id, {
              minItems: 1,
              maxItems: CANDIDATES_MAX,
              description: 'Instead of `site`: it may come from any of these.',
            }),
          ),
          split: Type.Optional(
            Type.Boolean({ description: 'Without `site`: it may be divided over sites; false when left out.' }),
          ),
          region: Type.Optional(
            Type.String({
              ...Id,
              description: 'Without `site`: where it goes, as site files name it under `sourcing.regions`.',
            }),
          ),
        }),
        `It is promised at once what is stored, available and promised to nobody else, never more; \`detail.lines\` says how much of each
line, and what is back-ordered. New stock goes to those who wait by priority, then \`shipBy\`.

Without \`site\` it is given to the one (of \`sites\`, or of all that offer it) that has all of it; of several to the one from which it comes soonest, then cheapest.
No site has all of it: with \`split\` it is divided, over as few as can be; else it waits where most of it is. \`detail.placed\` says where it went and why.`,
      ),
    },
    (request) => {
      const { site: named, sites, split = false, region, id, ...body } = request.body as SourcedBody;
      if (named !== undefined) {
        if (sites !== undefined || split || region !== undefined)
          throw new ApiFault(400, 'bad-request', 'site: leave it out where sites, split or region are said.');
        return runCommand(context, request, 'order', { ...body, site: named, order: id });
      }
      if (body['onlyPromised'] !== undefined)
        throw new ApiFault(400, 'bad-request', 'onlyPromised: it is for an order that names its site.');
      // The schema of the route is that of the order.
      const document = { ...body, order: id } as unknown as OrderDocument;
      return sourceOrder(context, {
        sites,
        split,
        region,
        document,
        key: keyOfRequest(request),
        actor: actorOf(request),
      });
    },
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
