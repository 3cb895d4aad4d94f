// Heads of chains that were kept where nobody reaches who can change the database: one JSON object a line, as `GET /v1/ledger-heads`
// and `verify --json` give them.
import { rejected, type Fault } from '../kit/faults.ts';
import type { LedgerHead } from './verifyChain.ts';

export type KeptHead = Pick<LedgerHead, 'site' | 'journalOffset' | 'hash'>;

/** What each field must be; others are of no interest. */
const FIELDS: readonly (readonly [field: keyof KeptHead, is: (value: unknown) => boolean, wanted: string])[] = [
  ['site', (value) => typeof value === 'string' && value !== '', 'the name of a site'],
  ['journalOffset', (value) => Number.isSafeInteger(value) && Number(value) > 0, 'a whole number from 1 on'],
  ['hash', (value) => typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value), '64 hex digits'],
];

/** Reads a file of heads; `name` is for people. Throws `rejected` (`bad-heads`), naming line and field. */
export function readHeads(name: string, text: string): KeptHead[] {
  const heads = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [readHead(line, `${name}:${index + 1}`)]));
  if (heads.length === 0) throw bad(name, 'there is no head in it');
  return heads;
}

function readHead(line: string, at: string): KeptHead {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(at, 'this is no JSON object');
  const head = value as KeptHead;
  for (const [field, is, wanted] of FIELDS) if (!is(head[field])) throw bad(at, `${field}: must be ${wanted}`);
  return { site: head.site, journalOffset: head.journalOffset, hash: head.hash.toLowerCase() };
}

const bad = (at: string, reason: string): Fault =>
  rejected(
    'bad-heads',
    `--heads: ${at}: ${reason}. Each line is one head, {"site":…,"journalOffset":…,"hash":…}, as GET /v1/ledger-heads gives them.`,
  );
