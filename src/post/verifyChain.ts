// Has nobody rewritten the history of a ledger? Each link of its hash chain is made anew from the link before and from what it
// covers; heads that were kept elsewhere must be links still, or the whole chain was made anew with what it covers.
import { atomically, DEFAULT_SCHEMA, type Client } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import type { KeptHead } from './keptHeads.ts';
import type { Difference } from './verifyLedger.ts';

/** The last link of a site's chain: it stands for everything that was posted up to it. */
export interface LedgerHead {
  readonly site: string;
  readonly journalOffset: number;
  /** In the whole chain. */
  readonly transactions: number;
  /** 64 hex digits. */
  readonly hash: string;
  readonly recordedAt: string;
}

export interface ChainVerification {
  /** Null when nothing was posted by then. */
  readonly head: LedgerHead | null;
  readonly differences: readonly Difference[];
}

const FOLLOW = sqlFile(import.meta.url, 'sql/followChain.sql');
const UNCHAINED = sqlFile(import.meta.url, 'sql/findUnchained.sql');
const FUNCTIONS = sqlFile(import.meta.url, 'sql/compareFunctions.sql');
const STRAY = sqlFile(import.meta.url, 'sql/findStrayPostings.sql');

/** Looked at in one statement, which then takes some tenths of a second. */
const LINKS = 500;
const TRANSACTIONS = 2000;
const POSTINGS = 5000;
/** Beyond it nobody counts. */
const UNCHAINED_MAX = 100_000;
const EXAMPLES = 5;

/** What is wrong: how often, and the first few. */
interface Found {
  count: number;
  readonly examples: string[];
}

function note(found: Found, example: string): void {
  found.count++;
  if (found.examples.length < EXAMPLES) found.examples.push(example);
}

/** Follows the chain of a site up to a row of its journal, or to its present end. The service may go on meanwhile. */
export async function verifyChain(
  main: Client,
  site: string,
  { to = Number.MAX_SAFE_INTEGER, kept = [] }: { readonly to?: number; readonly kept?: readonly KeptHead[] } = {},
): Promise<ChainVerification> {
  const { head, broken } = await followLinks(main, site, to);
  const unchained = await findUnchained(main, site);
  const stray = await findStrayPostings(main, site);
  const unexpected = unchained.count + stray.count;
  const examples = [broken, unchained, stray].flatMap((found) => found.examples);
  const chain = { site, what: 'chain', missing: broken.count, unexpected, examples };
  return {
    head,
    differences: [...(examples.length === 0 ? [] : [chain]), ...(await compareHeads(main, site, head, kept))],
  };
}

/** Are the functions that the chain is followed with those of this release, as a schema has them that was made just now? */
export async function verifyFunctions(main: Client, site: string, fresh: string): Promise<Difference[]> {
  const { rows } = await atomically(main, async () => {
    await main.query('set local search_path = pg_catalog');
    return main.query<{ name: string }>(FUNCTIONS, [DEFAULT_SCHEMA, fresh]);
  });
  if (rows.length === 0) return [];
  const examples = rows.map(({ name }) => `${name}: it is not as this release made it, so the chain proves nothing`);
  return [{ site, what: 'chain functions', missing: rows.length, unexpected: 0, examples }];
}

interface LinkRow {
  readonly journal_offset: number;
  readonly after: number;
  readonly transactions: number;
  readonly hash: Buffer;
  readonly recorded_at: string;
  readonly posted: number;
  readonly found: number;
  readonly follows: boolean;
}

async function followLinks(
  main: Client,
  site: string,
  to: number,
): Promise<{ head: LedgerHead | null; broken: Found }> {
  const broken: Found = { count: 0, examples: [] };
  let last: LinkRow | undefined;
  for (;;) {
    const before = [last?.journal_offset ?? 0, last?.transactions ?? 0, last?.hash ?? null];
    const { rows } = await main.query<LinkRow>({
      name: 'follow-chain',
      text: FOLLOW,
      values: [site, ...before, to, LINKS, TRANSACTIONS],
    });
    if (rows.length === 0) break;
    for (const link of rows) if (!link.follows) note(broken, describeBroken(link));
    last = rows.at(-1)!;
  }
  return { head: last === undefined ? null : headOf(site, last), broken };
}

const headOf = (site: string, { journal_offset, transactions, hash, recorded_at }: LinkRow): LedgerHead => ({
  site,
  journalOffset: journal_offset,
  transactions,
  hash: hash.toString('hex'),
  recordedAt: recorded_at,
});

function describeBroken({ after, journal_offset, recorded_at, posted, found }: LinkRow): string {
  const what =
    posted === found
      ? 'a transaction, a posting or the chain was changed since'
      : `${posted} transactions were posted then, ${found} are there`;
  return `journal rows ${after + 1} to ${journal_offset}, recorded ${recorded_at}: ${what}`;
}

async function findUnchained(main: Client, site: string): Promise<Found> {
  const { rows } = await main.query<{ journal_offset: number; id: string; count: number }>(UNCHAINED, [
    site,
    UNCHAINED_MAX,
    EXAMPLES,
  ]);
  const examples = rows.map(
    ({ journal_offset, id }) => `journal row ${journal_offset}: no link covers transaction ${id}`,
  );
  return { count: rows[0]?.count ?? 0, examples };
}

async function findStrayPostings(main: Client, site: string): Promise<Found> {
  const found: Found = { count: 0, examples: [] };
  let last = { transaction_id: '00000000-0000-0000-0000-000000000000', line: -1, happened_at: '-infinity' };
  for (;;) {
    const { rows } = await main.query<typeof last & { is_stray: boolean }>({
      name: 'find-stray-postings',
      text: STRAY,
      values: [site, last.transaction_id, last.line, last.happened_at, POSTINGS],
    });
    if (rows.length === 0) return found;
    for (const { is_stray, transaction_id, line } of rows)
      if (is_stray) note(found, `posting ${line} of ${transaction_id}: there is no such transaction at its time`);
    last = rows.at(-1)!;
  }
}

async function compareHeads(
  main: Client,
  site: string,
  head: LedgerHead | null,
  kept: readonly KeptHead[],
): Promise<Difference[]> {
  const { rows } = await main.query<{ journal_offset: number; hash: string }>(
    `select u.journal_offset, u.hash from unnest($2::bigint[], $3::text[]) as u (journal_offset, hash)
     where not exists (select from chain c where c.site = $1 and c.journal_offset = u.journal_offset and c.hash = decode(u.hash, 'hex'))
     order by u.journal_offset`,
    [site, kept.map(({ journalOffset }) => journalOffset), kept.map(({ hash }) => hash)],
  );
  if (rows.length === 0) return [];
  const end = head?.journalOffset ?? 0;
  const examples = rows.slice(0, EXAMPLES).map(({ journal_offset: offset, hash }) => {
    const what =
      offset > end
        ? `the chain ends before it, at row ${end}: what was posted since is gone, or an older backup was restored`
        : 'it is no link of the chain any more: the history before it was rewritten, or an older backup was restored';
    return `the head kept at journal row ${offset}, ${hash}: ${what}`;
  });
  return [{ site, what: 'kept heads', missing: rows.length, unexpected: 0, examples }];
}
