// Connections to Postgres: how they are opened, what their types become, which errors heal by themselves.
import pg from 'pg';
import { Fault, messageOf } from '../kit/faults.ts';
import { parsePostgresTime } from './time.ts';

export type Pool = pg.Pool;
export type Client = pg.Client;
/** Anything a statement can be run on. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(
    config: pg.QueryConfig | string,
    values?: unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Where the tables are; another one for the scratch copy that `verify` makes. */
  readonly schema?: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** `owner` migrates and drops partitions; `app` may only append to what is append-only. */
  readonly role?: 'app' | 'owner';
  /** A statement without an answer for so long is given up: the server is not there any more, though nobody has said so. */
  readonly answerWithinMs?: number;
}

export const DEFAULT_SCHEMA = 'tallygate';
export const APP_ROLE = 'tallygate_app';
const STATEMENT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5000;
/** Later than the server itself gives a statement up. */
const ANSWER_WITHIN_MS = STATEMENT_TIMEOUT_MS + 5000;
/** An idle connection is asked so often whether the other side is still there. */
const KEEP_ALIVE_MS = 3000;

// bigint and numeric come as numbers (offsets and quantities stay below 2^53), times as ms since 1970.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.NUMERIC, Number);
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, parsePostgresTime);

function connectionConfig(options: DatabaseOptions): pg.ClientConfig {
  const settings = [
    `search_path=${options.schema ?? DEFAULT_SCHEMA}`,
    'TimeZone=UTC',
    'DateStyle=ISO',
    'IntervalStyle=postgres',
    'tcp_keepalives_idle=3',
    'tcp_keepalives_interval=1',
    'tcp_keepalives_count=2',
    `statement_timeout=${STATEMENT_TIMEOUT_MS}`,
    'idle_in_transaction_session_timeout=60000',
    'client_connection_check_interval=2000',
    'jit=off',
    ...(options.role === 'owner' ? [] : [`role=${APP_ROLE}`]),
  ];
  return {
    connectionString: options.url,
    application_name: options.name,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    types,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    query_timeout: options.answerWithinMs ?? ANSWER_WITHIN_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
}

/** A pool of at most `max` connections. Errors of idle connections are told to `onError`; they are replaced by themselves. */
export function openPool(
  options: DatabaseOptions & { readonly max: number; readonly onError?: (error: Error) => void },
): Pool {
  const pool = new pg.Pool({ ...connectionConfig(options), max: options.max, idleTimeoutMillis: 30_000 });
  pool.on('error', (error) => options.onError?.(error));
  return pool;
}

/** One connection of its own, connected. Throws `unavailable` when Postgres cannot be reached. */
export async function openClient(
  options: DatabaseOptions & { readonly onError?: (error: Error) => void },
): Promise<Client> {
  const client = new pg.Client(connectionConfig(options));
  client.on('error', (error) => options.onError?.(error));
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw asFault(error);
  }
  return client;
}

/** Runs `work` in one database transaction on a connection that nobody else uses meanwhile. */
export async function atomically<T>(client: Queryable, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // When the connection is gone so is the transaction.
    if (!isUnavailable(error)) await client.query('rollback').catch(() => {});
    throw error;
  }
}

/** `atomically` on a connection borrowed from a pool. */
export async function atomicallyIn<T>(pool: Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens only to idle connections. One that breaks between two statements of ours would end the process.
  const onError = (error: Error): void => void (broken = error);
  client.on('error', onError);
  try {
    return await atomically(client, () => work(client));
  } catch (error) {
    if (isUnavailable(error)) broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

const AWAY = 'database-unavailable';
const DISK_FULL = 'database-disk-full';
const DISK_FAILS = 'database-disk-fails';
// Class 08: connection; 57P0x: shutdown, crash, cannot connect now; 53300: no connection left; 25006: a standby, for the
// moment; 25P03: ended because it idled.
const AWAY_STATES = /^(?:08|57P0|53300|25006|25P03)/;
// 57014: took too long, or cancelled by hand; 53xxx: resources; 40001/40P01/55P03: try again; 58030: its disk gave an error, it
// ends and comes back from its log.
const PASSING_STATES = /^(?:57014|53|40001|40P01|55P03|58030)/;
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Does it heal by itself when tried again later? */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Fault) return error.kind === 'unavailable';
  const { code } = error as { code?: unknown };
  return isAway(error) || (typeof code === 'string' && PASSING_STATES.test(code));
}

/** Does Postgres answer nobody? Otherwise it was this one statement, or somebody else, that failed. */
export function isAway(error: unknown): boolean {
  if (error instanceof Fault) return error.code === AWAY && isAway(error.cause);
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && (AWAY_CODES.has(code) || AWAY_STATES.test(code))) return true;
  return (
    typeof message === 'string' &&
    /Connection terminated|connection timeout|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|not queryable|Query read timeout/.test(
      message,
    )
  );
}

/** Database errors that heal become `unavailable` faults; the others stay what they are. */
export function asFault(error: unknown): unknown {
  if (error instanceof Fault || !isUnavailable(error)) return error;
  const trouble = troubleFound(error);
  return new Fault('unavailable', trouble.code, `${trouble.what}: ${messageOf(error)}`, { cause: error });
}

/** What is the matter, for whoever reads the log, of an error that `isUnavailable`. */
export const troubleOf = (error: unknown): string => troubleFound(error).what;

const TROUBLES: Readonly<Record<string, { readonly code: string; readonly what: string }>> = {
  '53100': { code: DISK_FULL, what: 'the disk of Postgres is full, make room' },
  '58030': {
    code: DISK_FAILS,
    what: 'the disk of Postgres cannot be read or written, look at it and at the log of Postgres',
  },
};

function troubleFound(error: unknown): { readonly code: string; readonly what: string } {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' && Object.hasOwn(TROUBLES, code)) return TROUBLES[code]!;
  return cause instanceof Error ? troubleFound(cause) : { code: AWAY, what: 'Postgres does not answer' };
}
