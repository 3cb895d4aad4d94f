// A Postgres that is none: sessions, their transactions, row locks and advisory locks in virtual time, over the tables of
// store.ts. It stands in for the `pg` package, so that everything of ours runs as it is, down to the retries. A statement takes its
// time on the way, is run, and its answer takes its time on the way back; a connection can break before and behind each.
import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Random } from '../../simulators/random.ts';
import type { Answer, Statement } from './statement.ts';
import { statementOf } from './statements.ts';
import type { Store } from './store.ts';
import type { Owner, VirtualTime } from './time.ts';

export interface Postgres {
  /** How likely a connection breaks before, and how likely behind, a statement. */
  breaks: { before: number; behind: number };
  /** What a statement takes at most each way, ms. */
  latencyMs: number;
  /** Nobody is answered; every session has ended. */
  readonly setDown: (isDown: boolean) => void;
  /** The sessions of a process that is dead, or cannot be reached, end after so long. */
  readonly endSessions: (of: Owner, afterMs: number) => void;
  /** Advisory locks are gone though the session lives, as behind a pooler that changes sessions. */
  readonly forgetLocks: () => void;
  /** Runs before, and behind, each statement that arrives; true when its process has died of it. */
  onStatement: (owner: Owner, moment: 'before' | 'behind', text: string) => boolean;
  /** Puts its clients in the place of those of `pg`, until the function returned is called. */
  readonly install: () => () => void;
}

interface Query {
  readonly text: string;
  readonly statement: Statement | undefined;
  readonly values: readonly unknown[];
}

/** A connection as the server has it. */
interface Session {
  readonly owner: Owner;
  isEnded: boolean;
  transaction: (() => void)[] | undefined;
  readonly locked: Set<string>;
  readonly onEnd: () => void;
}

const BROKEN = (): Error => Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
const REFUSED = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const SESSIONS_A_POOL = 3;

export function openPostgres(store: Store, time: VirtualTime, chance: Random): Postgres {
  const sessions = new Set<Session>();
  const rowLocks = new Map<string, { readonly holder: Session; readonly waiting: (() => void)[] }>();
  const advisory = new Map<string, Session>();
  let isDown = false;

  const latency = (): number => chance.between(0.2, server.latencyMs);

  const end = (session: Session): void => {
    if (session.isEnded) return;
    session.isEnded = true;
    sessions.delete(session);
    session.transaction = undefined;
    releaseRows(session);
    for (const [key, holder] of advisory) if (holder === session) advisory.delete(key);
    session.onEnd();
  };
  const releaseRows = (session: Session): void => {
    for (const name of session.locked) {
      const { waiting } = rowLocks.get(name)!;
      rowLocks.delete(name);
      for (const again of waiting) time.after(0, again, 'world');
    }
    session.locked.clear();
  };

  /** Answers when the statement has run, which may be after others have let go of the row. */
  const execute = (session: Session, query: Query, done: (answer: Answer | Error) => void): void => {
    if (session.isEnded) return;
    const { statement, text } = query;
    const lock = statement?.lock;
    const held = lock === undefined ? undefined : rowLocks.get(lock);
    if (held !== undefined && held.holder !== session) {
      held.waiting.push(() => execute(session, query, done));
      return;
    }
    if (lock !== undefined && held === undefined) {
      rowLocks.set(lock, { holder: session, waiting: [] });
      session.locked.add(lock);
    }
    let answer: Answer | Error;
    try {
      answer = statement === undefined ? control(session, text, query.values) : statement.run(store, query.values);
    } catch (error) {
      answer = error as Error;
    }
    if (!(answer instanceof Error) && answer.apply !== undefined) {
      if (session.transaction === undefined) answer.apply();
      else session.transaction.push(answer.apply);
    }
    if (session.transaction === undefined) releaseRows(session);
    done(answer);
  };

  const control = (session: Session, text: string, values: readonly unknown[]): Answer => {
    const key = String(values[0]);
    if (text === 'begin') session.transaction = [];
    else if (text === 'commit') {
      for (const apply of session.transaction ?? []) apply();
      session.transaction = undefined;
    } else if (text === 'rollback') session.transaction = undefined;
    else if (text.includes('pg_try_advisory_lock')) {
      const isOurs = (advisory.get(key) ?? session) === session;
      if (isOurs) advisory.set(key, session);
      return { rows: [{ got: isOurs }] };
    } else if (text.includes('pg_advisory_unlock') && advisory.get(key) === session) advisory.delete(key);
    return {};
  };

  /** One connection of the service, as `pg.Client` is one. */
  class Client extends EventEmitter {
    readonly #owner = time.running()!;
    #session: Session | undefined;
    #pending = new Set<(error: Error) => void>();
    isBroken = false;

    async connect(): Promise<void> {
      await time.sleep(latency());
      if (isDown) throw REFUSED();
      this.#session = {
        owner: this.#owner,
        isEnded: false,
        transaction: undefined,
        locked: new Set(),
        onEnd: () => time.after(latency(), () => this.#break(), this.#owner),
      };
      sessions.add(this.#session);
    }

    query(config: string | { name?: string; text: string; values?: unknown[] }, given: unknown[] = []) {
      const { name, text, values = given } = typeof config === 'string' ? { text: config } : config;
      const session = this.#session;
      if (this.isBroken || session === undefined) return Promise.reject(BROKEN());
      const isControl = /^(?:begin|commit|rollback)$|advisory/.test(text);
      const query = { text, values, statement: isControl ? undefined : statementOf(name, text) };
      return new Promise((resolve, reject) => {
        this.#pending.add(reject);
        const answered = (answer: Answer | Error): void => {
          if (server.onStatement(this.#owner, 'behind', name ?? text)) return;
          if (chance.chance(server.breaks.behind)) {
            this.#breakSoon(session);
            return;
          }
          const arrive = (): void => {
            if (!this.#pending.delete(reject)) return;
            if (answer instanceof Error) reject(answer);
            else resolve({ rows: answer.rows ?? [], rowCount: answer.rowCount ?? answer.rows?.length ?? 0 });
          };
          time.after(latency(), arrive, this.#owner);
        };
        const arrived = (): void => {
          if (session.isEnded || server.onStatement(this.#owner, 'before', name ?? text)) return;
          if (chance.chance(server.breaks.before)) this.#breakSoon(session);
          else execute(session, query, answered);
        };
        time.after(latency(), arrived, 'world');
      });
    }

    /** The server may notice much later than we do. */
    #breakSoon(session: Session): void {
      time.after(latency(), () => this.#break(), this.#owner);
      time.after(chance.chance(0.5) ? 0 : chance.between(0, 4000), () => end(session), 'world');
    }

    #break(): void {
      if (this.isBroken) return;
      this.isBroken = true;
      for (const reject of this.#pending) reject(BROKEN());
      this.#pending.clear();
      this.emit('error', BROKEN());
      this.emit('end');
    }

    end(): Promise<void> {
      this.isBroken = true;
      const session = this.#session;
      if (session !== undefined) time.after(latency(), () => end(session), 'world');
      return Promise.resolve();
    }

    release(error?: Error): void {
      if (error !== undefined) void this.end();
    }
  }

  class Pool {
    #free: Client[] = [];
    #open = 0;
    #waiting: (() => void)[] = [];

    on(): void {}

    async connect(): Promise<Client> {
      const whole = this.#free.filter(({ isBroken }) => !isBroken);
      this.#open -= this.#free.length - whole.length;
      this.#free = whole;
      while (this.#free.length === 0 && this.#open >= SESSIONS_A_POOL)
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      const free = this.#free.pop();
      if (free !== undefined) return free;
      this.#open++;
      const client = new Client();
      client.on('error', () => {});
      client.release = (error) => this.#giveBack(client, error);
      try {
        await client.connect();
      } catch (error) {
        this.#giveBack(client, error as Error);
        throw error;
      }
      return client;
    }

    #giveBack(client: Client, error: Error | undefined): void {
      if (error === undefined && !client.isBroken) this.#free.push(client);
      else {
        this.#open--;
        void client.end();
      }
      this.#waiting.shift()?.();
    }

    async query(config: string | { name?: string; text: string; values?: unknown[] }, given: unknown[] = []) {
      const client = await this.connect();
      try {
        return await client.query(config, given);
      } finally {
        client.release();
      }
    }

    end(): Promise<void> {
      return Promise.resolve();
    }
  }

  const server: Postgres = {
    breaks: { before: 0, behind: 0 },
    latencyMs: 5,
    setDown(down) {
      isDown = down;
      if (down) for (const session of sessions) end(session);
    },
    endSessions(of, afterMs) {
      for (const session of sessions) if (session.owner === of) time.after(afterMs, () => end(session), 'world');
    },
    forgetLocks: () => advisory.clear(),
    onStatement: () => false,
    install() {
      const real = { Client: pg.Client, Pool: pg.Pool };
      Object.assign(pg, { Client, Pool });
      return () => Object.assign(pg, real);
    },
  };
  return server;
}
