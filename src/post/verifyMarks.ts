// Are marks of stock what the postings until then come to? Each against the one before and what happened in between, so all of them are one
// reading of the postings.
import { sqlFile } from '../store/sql.ts';
import type { Queryable } from '../store/database.ts';
import type { Difference } from './verifyLedger.ts';

const COMPARE_MARKS = sqlFile(import.meta.url, 'sql/compareMarks.sql');
const EXAMPLES = 5;

/** Of every mark of a site, account by account. */
export async function verifyMarks(on: Queryable, site: string): Promise<Difference[]> {
  const { rows } = await on.query<{ key: string; held: number; summed: number }>(COMPARE_MARKS, [site]);
  if (rows.length === 0) return [];
  const examples = rows.slice(0, EXAMPLES).map(({ key, held, summed }) => `${key}: mark ${held}, postings ${summed}`);
  return [{ site, what: 'marks of stock against postings', missing: rows.length, unexpected: 0, examples }];
}
