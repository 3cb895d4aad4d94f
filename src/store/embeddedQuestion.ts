// Asking a server whether it is ours and alive, and giving it our database.
import { Client, type DatabaseError } from 'pg';
import { messageOf } from '../kit/faults.ts';
import { ROLE, type Cluster } from './embeddedCluster.ts';
import { mayPass, needsAction } from './embeddedFaults.ts';

/** A server that is well answers in some ms; one on a machine under load within seconds. */
const ANSWER_MS = 3_000;
/** Creating a database copies some MB. */
const CREATE_MS = 60_000;
const WRONG_PASSWORD = '28P01';

export const urlOf = (cluster: Cluster, port: number, database = ROLE): string =>
  `postgres://${ROLE}:${cluster.password}@127.0.0.1:${port}/${database}`;

export type Answer =
  | { readonly kind: 'answered'; readonly version: string }
  | { readonly kind: 'silent'; readonly why: string };

/** Whether a server takes our password and answers in time. @throws Fault `postgres-password-wrong` */
export async function askServer(cluster: Cluster, port: number): Promise<Answer> {
  try {
    const version = await withClient(cluster, port, ANSWER_MS, (client) =>
      client.query<{ server_version: string }>('show server_version'),
    );
    return { kind: 'answered', version: version.rows[0]?.server_version ?? '' };
  } catch (error) {
    if (codeOf(error) === WRONG_PASSWORD) throw wrongPassword();
    return { kind: 'silent', why: messageOf(error) };
  }
}

/** Creates our database unless it is there. @throws Fault `postgres-password-wrong`, `postgres-not-answering` */
export async function ensureDatabase(cluster: Cluster, port: number): Promise<void> {
  try {
    await withClient(cluster, port, CREATE_MS, async (client) => {
      const found = await client.query('select from pg_database where datname = $1', [ROLE]);
      if (found.rowCount === 0) await client.query(`create database ${ROLE}`);
    });
  } catch (error) {
    throw codeOf(error) === WRONG_PASSWORD ? wrongPassword() : notAnswering(error);
  }
}

/** A connection for a few questions, to the database every cluster has. */
async function withClient<T>(
  cluster: Cluster,
  port: number,
  queryMs: number,
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: urlOf(cluster, port, 'postgres'),
    ssl: false, // whatever PGSSLMODE says
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: queryMs,
  });
  client.on('error', () => undefined); // a server that ends while we ask is told by the query itself
  try {
    await client.connect();
    return await ask(client);
  } finally {
    client.end().catch(() => undefined);
  }
}

const codeOf = (error: unknown): string | undefined => (error as DatabaseError).code;

const notAnswering = (error: unknown) =>
  mayPass('postgres-not-answering', `Postgres started but does not answer: ${messageOf(error)}`);

const wrongPassword = () =>
  needsAction(
    'postgres-password-wrong',
    'The embedded Postgres does not take the password in postgres-password beside its data. Restore that file from ' +
      'where the data came from.',
  );
