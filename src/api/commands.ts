// Commands: the API changes nothing by itself. It appends to the site's journal and answers when the site's writer has
// committed the outcome; the same Idempotency-Key again gives the same answer.
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { openJournal } from '../intake/journal.ts';
import type { Clock } from '../kit/clock.ts';
import { digest64, newUuid, sha256Hex } from '../kit/ids.ts';
import type { Logger } from '../kit/log.ts';
import { sleep } from '../kit/sleep.ts';
import type { Pool } from '../store/database.ts';
import { tellJournalGrown } from '../store/watchJournal.ts';
import type { Command, CommandOutcome } from '../wire/command.ts';
import { ApiFault, CODES } from './problem.ts';

export const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The same key again is the same command: it is carried out once, and answered as before.',
    }),
  ),
  'x-operator': Type.Optional(Type.String({ maxLength: 64, description: 'Who asks, for the record.' })),
});

export const CommandAnswer = Type.Object({
  status: Type.Literal('done'),
  transactions: Type.Array(Type.String(), { description: 'Movements that it posted; see /v1/movements.' }),
  key: Type.String({ description: 'The Idempotency-Key under which it is known.' }),
  detail: Type.Optional(
    Type.Object(
      {},
      { additionalProperties: true, description: 'What else there is to say, as of a receipt that was closed.' },
    ),
  ),
});
export type CommandAnswer = Static<typeof CommandAnswer>;

export interface Commands {
  /** Runs a command; resolves when it is in the ledger. Throws ApiFault for a refusal, a reused key, or no answer in time. */
  readonly run: (site: string, key: string, actor: string, command: Command) => Promise<CommandAnswer>;
  /** Effects of a site were posted: whoever waits for an outcome looks again. */
  readonly posted: (site: string) => void;
}

const OUTCOME_WITHIN_MS = 10_000;
/** In case a notification is lost. */
const LOOK_EVERY_MS = 500;
const STREAM = 'api';

export const keyOfRequest = (request: FastifyRequest): string => {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? key : newUuid();
};

export const actorOf = (request: FastifyRequest): string => {
  const operator = request.headers['x-operator'];
  return typeof operator === 'string' && operator !== '' ? operator : 'api';
};

export function openCommands(pool: Pool, clock: Clock, log: Logger, outcomeWithinMs = OUTCOME_WITHIN_MS): Commands {
  const journal = openJournal(pool, log);
  const waiting = new Map<string, Set<() => void>>();

  const run = async (site: string, key: string, actor: string, command: Command): Promise<CommandAnswer> => {
    const content = { key, actor, command };
    const [appended] = await journal.append([
      {
        site,
        gateway: STREAM,
        epoch: '',
        seq: seqOf(key),
        digest: digest64(Buffer.from(JSON.stringify(command, inOrder))),
        counts: false,
        receivedAt: clock(),
        kind: 'command',
        content,
      },
    ]);
    if (appended!.verdict === 'conflict') {
      throw new ApiFault(
        409,
        'key-reused',
        `Idempotency-Key ${key} was used before, for another command; take a new key for a new command.`,
      );
    }
    // One that was known before may lie anywhere: all that there is.
    const nextOffset = appended!.offset === undefined ? await journal.nextOffset(site) : appended!.offset + 1;
    await tellJournalGrown(pool, { site, nextOffset });
    const outcome = await outcomeOf(site, key);
    if (outcome.status === 'refused')
      throw new ApiFault(CODES[outcome.code]?.status ?? 422, outcome.code, outcome.message);
    const { transactions, detail } = outcome;
    return { status: 'done', transactions: [...transactions], key, ...(detail === undefined ? {} : { detail }) };
  };

  const outcomeOf = async (site: string, key: string): Promise<CommandOutcome> => {
    const until = performance.now() + outcomeWithinMs;
    while (performance.now() < until) {
      const told = waitFor(site);
      const { rows } = await pool.query<{ outcome: CommandOutcome }>({
        name: 'outcome',
        text: 'select outcome from command_outcome where site = $1 and key = $2',
        values: [site, key],
      });
      if (rows[0] !== undefined) return rows[0].outcome;
      await Promise.race([told, sleep(LOOK_EVERY_MS)]);
    }
    throw new ApiFault(
      503,
      'outcome-pending',
      `The command is in the journal but has not been decided within ${outcomeWithinMs} ms. Ask again with Idempotency-Key ${key}.`,
    );
  };

  const waitFor = (site: string): Promise<void> =>
    new Promise((resolve) => {
      const own = waiting.get(site) ?? new Set();
      waiting.set(site, own);
      own.add(resolve);
    });

  return {
    run,
    posted(site) {
      const own = waiting.get(site);
      waiting.delete(site);
      for (const resolve of own ?? []) resolve();
    },
  };
}

/** For JSON.stringify: the same fields in another order are the same command. */
const inOrder = (_name: string, value: unknown): unknown =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The key as a number of the stream `api`: 63 bits of its hash. */
const seqOf = (key: string): bigint => BigInt(`0x${sha256Hex(key).slice(0, 16)}`) >> 1n;
