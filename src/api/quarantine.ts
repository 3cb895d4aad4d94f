// What could not be understood, kept with its bytes and the reason; replayed once the cause is mended.
import { Type } from 'typebox';
import { decodeDelivery, openDeliveryNumbers, routesOf } from '../intake/decode.ts';
import { openJournal, type Entry } from '../intake/journal.ts';
import { digest64 } from '../kit/ids.ts';
import type { Logger } from '../kit/log.ts';
import { tellJournalGrown } from '../store/watchJournal.ts';
import { parseTopic } from '../wire/topics.ts';
import { formatTime } from '../wire/time.ts';
import { actorOf } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { ApiFault, notFound, Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const Count = Type.Union([Type.Integer(), Type.Null()]);

const QuarantineJson = Type.Object({
  id: Type.Integer(),
  site: Text,
  gateway: Text,
  topic: Type.String(),
  epoch: Text,
  seq: Count,
  code: Type.String(),
  reason: Type.String(),
  receivedAt: Type.String({ format: 'date-time' }),
  lastAt: Type.String({ format: 'date-time' }),
  times: Type.Integer({ description: 'How often the very same message came.' }),
  length: Type.Integer(),
  sha256: Type.String(),
  preview: Type.String({ description: 'The first 500 characters; control characters shown as dots.' }),
  state: Type.String(),
});

interface QuarantineRow {
  readonly id: number;
  readonly site: string | null;
  readonly gateway: string | null;
  readonly topic: string;
  readonly epoch: string | null;
  readonly seq: number | null;
  readonly code: string;
  readonly reason: string;
  readonly received_at: number;
  readonly last_at: number;
  readonly times: number;
  readonly length: number;
  readonly sha256: string;
  readonly content: Buffer;
  readonly state: string;
}

const PREVIEW_BYTES = 500;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

const quarantineJson = (row: QuarantineRow) => ({
  id: row.id,
  site: row.site,
  gateway: row.gateway,
  topic: row.topic,
  epoch: row.epoch,
  seq: row.seq,
  code: row.code,
  reason: row.reason,
  receivedAt: formatTime(row.received_at),
  lastAt: formatTime(row.last_at),
  times: row.times,
  length: row.length,
  sha256: row.sha256,
  preview: row.content.subarray(0, PREVIEW_BYTES).toString('utf8').replaceAll(CONTROL, '·'),
  state: row.state,
});

export function quarantineRoutes(app: App, context: Context, log: Logger): void {
  const { pool, catalogue, clock } = context;
  const journal = openJournal(pool, log);
  app.get(
    '/v1/quarantine',
    {
      schema: {
        tags: ['quarantine'],
        summary: 'What could not be understood, newest first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          code: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum(['open', 'replayed', 'discarded', 'all'], { default: 'open' })),
          ...Paging,
        }),
        response: { 200: Page(QuarantineJson), default: Problem },
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? LIMIT_DEFAULT;
      const where = filters();
      where.add('q.site = $', query.site);
      where.add('q.code = $', query.code);
      where.add('q.state = $', query.state === 'all' ? undefined : (query.state ?? 'open'));
      where.add('q.id < $', keyOf(query.cursor, ['number'])?.[0]);
      const { rows } = await pool.query<QuarantineRow>(
        `select q.* from quarantine q where ${where.where()} order by q.id desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, quarantineJson, (row) => [row.id]);
    },
  );

  app.post(
    '/v1/quarantine/:id/replay',
    {
      schema: {
        tags: ['quarantine'],
        summary: 'Take it in after all, once the cause is mended',
        // Not an integer: 1.5 would be made 1.
        params: Type.Object({ id: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) }),
        response: {
          200: Type.Object({
            status: Type.Enum(['replayed', 'still-rejected']),
            site: Text,
            offset: Count,
            rejected: Type.Array(Type.Object({ code: Type.String(), message: Type.String() })),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const { rows } = await pool.query<QuarantineRow>('select * from quarantine where id = $1', [request.params.id]);
      const row = rows[0];
      if (row === undefined) throw notFound(`Nothing is quarantined under ${request.params.id}.`);
      if (row.content.length < row.length) {
        throw new ApiFault(
          422,
          'not-replayable',
          `Only the first ${row.content.length} of ${row.length} bytes were kept; have the gateway send it again in smaller envelopes.`,
        );
      }
      const arrival = decodeDelivery(
        {
          topic: row.topic,
          payload: payloadOf(row),
          qos: 1,
          // The time of its first arrival: what carries no time of its own did not happen now.
          receivedAt: row.received_at,
          connection: { id: 'replay', isClosed: () => false },
          settle: () => {},
        },
        routesOf(await catalogue.all()),
        openDeliveryNumbers(clock),
      );
      const { entry } = arrival;
      if (entry === undefined || entry.kind !== 'entries' || arrival.quarantine.length > 0) {
        return { status: 'still-rejected' as const, site: row.site, offset: null, rejected: [...reasonsOf(arrival)] };
      }
      const [appended] = await journal.append([replayed(entry, row, clock())]);
      if (appended?.verdict === 'conflict') {
        const message = `${entry.gateway} has meanwhile sent other content under this number.`;
        return {
          status: 'still-rejected' as const,
          site: entry.site,
          offset: null,
          rejected: [{ code: 'conflict', message }],
        };
      }
      const { site } = entry;
      const nextOffset = appended?.offset === undefined ? await journal.nextOffset(site) : appended.offset + 1;
      await tellJournalGrown(pool, { site, nextOffset });
      await pool.query(
        "update quarantine set state = 'replayed', settled_at = now(), settled_by = $2 where id = $1 and state = 'open'",
        [row.id, actorOf(request)],
      );
      return { status: 'replayed' as const, site: entry.site, offset: appended?.offset ?? null, rejected: [] };
    },
  );
}

/** A single entry of an envelope is put into one of its own; everything else is replayed as it came. */
function payloadOf(row: QuarantineRow): Buffer {
  if (parseTopic(row.topic).kind !== 'envelope') return row.content;
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(row.content.toString('utf8')) as Record<string, unknown>;
  } catch {
    return row.content;
  }
  if (entry === null || typeof entry !== 'object' || 'v' in entry) return row.content;
  const list =
    'epc' in entry
      ? 'reads'
      : 'data' in entry
        ? 'scans'
        : 'value' in entry
          ? 'measures'
          : 'input' in entry
            ? 'triggers'
            : undefined;
  if (list === undefined) return row.content;
  return Buffer.from(
    JSON.stringify({ v: 1, epoch: 'quarantine', seq: row.id, sentAt: formatTime(row.received_at), [list]: [entry] }),
  );
}

/**
 * Once is once: whoever replays it a second time finds it there. What nobody could place in a site keeps its own number or
 * hash, since its sender may still send it again; of everything else that is used up, so the number in quarantine stands in.
 * It arrives now, and was sent when it first came, unless it says when.
 */
function replayed(entry: Extract<Entry, { kind: 'entries' }>, row: QuarantineRow, now: number): Entry {
  const placed = { ...entry, receivedAt: now, sentAt: entry.sentAt ?? row.received_at };
  if (row.site === null && (entry.counts || entry.epoch === '')) return placed;
  return {
    ...placed,
    epoch: 'quarantine',
    seq: BigInt(row.id),
    digest: digest64(row.content),
    counts: false,
    oldest: undefined,
  };
}

const reasonsOf = (arrival: { readonly quarantine: readonly { code: string; reason: string }[] }) =>
  arrival.quarantine.length === 0
    ? [{ code: 'nothing', message: 'It holds nothing to take in.' }]
    : arrival.quarantine.map(({ code, reason }) => ({ code, message: reason }));
