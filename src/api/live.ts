// GET /v1/live: stock, movements, passages, discrepancies, findings, alerts and reads as they happen, as server-sent events. Whoever comes back
// with Last-Event-ID is told what it missed, and from then on what happens; a listener that cannot keep up is let go.
import { Type } from 'typebox';
import type { App, Context } from './context.ts';
import { ApiFault, Problem } from './problem.ts';
import { startListener } from './listener.ts';
import { LIVE_TYPES, type LiveType } from './livePages.ts';

const LISTENERS_MAX = 500;

export function liveRoutes(app: App, { feed, catalogue }: Context): void {
  let listeners = 0;
  app.get(
    '/v1/live',
    {
      // An answer without a body would never end either.
      exposeHeadRoute: false,
      schema: {
        tags: ['live'],
        summary: 'Server-sent events: what happens as it happens',
        description: `Events \`${LIVE_TYPES.join('`, `')}\`; \`data\` is JSON as in the lists, with its site; of a \`dropped\` product or partner its kind and number. Send \`Last-Event-ID\` to
hear what was missed first (an event may come twice; alerts and reads are told only as they happen); \`reset\` comes instead when that is too much: load the lists again.`,
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          types: Type.Optional(Type.String({ description: 'Comma-separated: only these events.' })),
        }),
        headers: Type.Object({
          'last-event-id': Type.Optional(Type.String({ description: 'From the last event that was heard.' })),
        }),
        response: {
          200: {
            description: 'Events, until the listener goes.',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          default: Problem,
        },
      },
    },
    async (request, reply) => {
      if (request.query.site !== undefined) await catalogue.one(request.query.site);
      const types = typesOf(request.query.types);
      const positions = positionsOf(request.headers['last-event-id']);
      if (listeners >= LISTENERS_MAX)
        throw new ApiFault(503, 'too-many-listeners', `There are ${LISTENERS_MAX} listeners already; try again later.`);
      const cursors = await feed.cursors();
      listeners++;
      reply.raw.on('close', () => listeners--);
      reply.hijack();
      const { site } = request.query;
      const isAsked = (name: string): boolean => (site === undefined ? !catalogue.isTraining(name) : name === site);
      startListener(reply.raw, { feed, isAsked, types, cursors, positions, log: request.log });
      return reply;
    },
  );
}

function typesOf(text: string | undefined): ReadonlySet<LiveType> {
  if (text === undefined) return new Set(LIVE_TYPES);
  const types = text.split(',').map((type) => type.trim());
  const unknown = types.find((type) => !(LIVE_TYPES as readonly string[]).includes(type));
  if (unknown !== undefined)
    throw new ApiFault(400, 'bad-request', `types: ${unknown} is none of ${LIVE_TYPES.join(', ')}.`);
  return new Set(types as LiveType[]);
}

/** `DC1:1042,DC2:7`: how far each site was told. Anything else was not given by us and says nothing. */
function positionsOf(header: string | undefined): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const part of header?.split(',') ?? []) {
    const [, site, offset] = /^(.+):(\d{1,15})$/.exec(part) ?? [];
    if (site !== undefined) positions.set(site, Number(offset));
  }
  return positions;
}
