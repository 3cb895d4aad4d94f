// `tallygate replay`: the whole pipeline offline, on a file of envelopes: no database, event time, full speed. The same
// file gives the same bytes. Also how to judge Tallygate on one's own recorded reads before a pilot.
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { loadSite } from '../config/load.ts';
import { configurationFault } from '../config/problems.ts';
import { planSite, type SitePlan } from '../config/plan.ts';
import { deriveEnd, deriveRow, openMachine } from '../derive.ts';
import type { Effects, PassageEffect, Transaction } from '../infer/effects.ts';
import type { Finding } from '../infer/installation/finding.ts';
import { messageOf, rejected } from '../kit/faults.ts';
import { decodeEnvelope } from '../wire/envelope.ts';
import { formatOf } from '../wire/formats/formats.ts';
import type { MovementJson, PassageJson } from '../wire/movement.ts';
import type { EntriesRow } from '../wire/row.ts';
import { formatTime, parseTime } from '../wire/time.ts';

const HELP = `tallygate replay --site FILE --in reads.ndjson [--out movements.ndjson] [--passages passages.ndjson]
                 [--findings findings.ndjson]

Runs a recording through the whole pipeline, offline: event time, full speed, deterministic.

  --site FILE       the site file (config/sites/*.yaml)
  --in FILE         one envelope a line, with "site", "gateway" and optionally "receivedAt"; - for standard input
  --out FILE        the effective movements, by happenedAt and id; standard output when left out
  --passages FILE   every passage: outcome, leading outcome, probability, group
  --findings FILE   faults of the installation that the reads show: what was seen, how sure, what to do
`;

export interface ReplayResult {
  readonly movements: readonly MovementJson[];
  readonly passages: readonly PassageJson[];
  readonly findings: readonly FindingLine[];
  readonly reads: number;
  readonly rejected: readonly string[];
}

/** A finding with its times as text; `closedAt` null when it held to the end. */
export type FindingLine = Omit<Finding, 'since' | 'openedAt' | 'closedAt'> & {
  readonly site: string;
  readonly since: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
};

/** Lines of a recording to what became of them. Throws `rejected` for a line of another site, or that is no envelope. */
export async function replay(plan: SitePlan, lines: AsyncIterable<string> | Iterable<string>): Promise<ReplayResult> {
  const machine = openMachine(plan);
  const result = openResult(plan.site);
  const rejectedEntries: string[] = [];
  let receivedAt = Number.NEGATIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;
  let offset = 0;
  let reads = 0;
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const { row, rejects } = rowOf(plan, line, number, ++offset);
    for (const reject of rejects) rejectedEntries.push(`line ${number}: ${reject}`);
    // A missing receivedAt is the running maximum of sentAt.
    newest = Math.max(newest, row.sentAt ?? newestTime(row));
    receivedAt = Math.max(receivedAt, Number.isNaN(row.receivedAt) ? newest : row.receivedAt);
    reads += row.entries.reads.length;
    result.take(deriveRow(machine, { ...row, receivedAt }));
  }
  result.take(deriveEnd(machine));
  return { ...result.done(receivedAt), reads, rejected: rejectedEntries };
}

function rowOf(
  plan: SitePlan,
  line: string,
  number: number,
  offset: number,
): { row: EntriesRow; rejects: readonly string[] } {
  let head: { site?: unknown; gateway?: unknown; receivedAt?: unknown } | null;
  try {
    head = JSON.parse(line) as typeof head;
  } catch (error) {
    throw rejected('bad-line', `line ${number} is not JSON: ${messageOf(error)}`);
  }
  if (head === null || typeof head !== 'object') throw rejected('bad-line', `line ${number} is no envelope.`);
  if (head.site !== plan.site)
    throw rejected('other-site', `line ${number} is of site ${JSON.stringify(head.site)}, not of ${plan.site}.`);
  const receivedAt = typeof head.receivedAt === 'string' ? parseTime(head.receivedAt) : Number.NaN;
  if (head.receivedAt !== undefined && Number.isNaN(receivedAt))
    throw rejected('bad-line', `line ${number}: receivedAt is no RFC 3339 time: ${JSON.stringify(head.receivedAt)}`);
  try {
    const envelope = decodeEnvelope(Buffer.from(line), plan.isKnownDevice);
    const gateway = typeof head.gateway === 'string' ? head.gateway : 'replay';
    return {
      row: {
        kind: 'entries',
        site: plan.site,
        offset,
        receivedAt,
        gateway,
        sentAt: envelope.sentAt,
        entries: envelope.entries,
      },
      rejects: envelope.rejects.map((reject) => reject.reason),
    };
  } catch (error) {
    throw rejected('bad-line', `line ${number}: ${messageOf(error)}`);
  }
}

function newestTime({ entries }: EntriesRow): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const at of entries.reads.seenAt) newest = Math.max(newest, at);
  for (const { at } of [...entries.scans, ...entries.triggers, ...entries.measures]) newest = Math.max(newest, at);
  return newest;
}

/**
 * Collects effects into what holds in the end: movements without the undone ones, passages in their last revision, and the
 * confidence that the last revision gives. Nothing in it tells in which order the reads came.
 */
function openResult(site: string) {
  const movements = new Map<string, Transaction>();
  const passages = new Map<string, PassageEffect>();
  const findings = new Map<string, Finding>();
  return {
    take(effects: Effects): void {
      for (const transaction of effects.transactions) {
        if (transaction.supersedes === undefined) movements.set(transaction.id, transaction);
        else movements.delete(transaction.supersedes);
      }
      for (const passage of effects.passages) passages.set(passage.id, passage);
      for (const finding of effects.findings) findings.set(finding.id, finding);
    },
    done(recordedAt: number): Pick<ReplayResult, 'movements' | 'passages' | 'findings'> {
      return {
        movements: [...movements.values()]
          .sort((a, b) => a.happenedAt - b.happenedAt || (a.id < b.id ? -1 : 1))
          .map((transaction) => {
            const passage = transaction.decision && passages.get(transaction.decision.id);
            return movementJson(
              site,
              { ...transaction, confidence: passage?.probability ?? transaction.confidence },
              recordedAt,
            );
          }),
        passages: [...passages.values()]
          .sort((a, b) => (a.crossedAt ?? a.lastAt) - (b.crossedAt ?? b.lastAt) || (a.id < b.id ? -1 : 1))
          .map((passage) => passageJson(site, passage)),
        findings: [...findings.values()]
          .sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))
          .map((finding) => findingLine(site, finding)),
      };
    },
  };
}

function movementJson(site: string, transaction: Transaction, recordedAt: number): MovementJson {
  return {
    id: transaction.id,
    site,
    epc: transaction.epc ?? null,
    sku: transaction.sku ?? null,
    type: transaction.type,
    from: transaction.from,
    to: transaction.to,
    quantity: transaction.quantity ?? null,
    lot: transaction.lot || null,
    container: transaction.container || null,
    happenedAt: formatTime(transaction.happenedAt),
    recordedAt: formatTime(recordedAt),
    confidence: roundShare(transaction.confidence),
    source: transaction.source,
    readPoint: transaction.readPoint ?? null,
    supersedes: transaction.supersedes ?? null,
  };
}

function passageJson(site: string, passage: PassageEffect): PassageJson {
  return {
    id: passage.id,
    site,
    readPoint: passage.readPoint,
    epc: passage.epc,
    sku: passage.sku ?? null,
    outcome: passage.outcome,
    leading: passage.leading,
    probability: roundShare(passage.probability),
    firstAt: formatTime(passage.firstAt),
    lastAt: formatTime(passage.lastAt),
    crossedAt: passage.crossedAt === undefined ? null : formatTime(passage.crossedAt),
    group: passage.group ?? null,
    decidedBy: passage.decidedBy ?? null,
  };
}

const findingLine = (site: string, finding: Finding): FindingLine => ({
  ...finding,
  site,
  since: formatTime(finding.since),
  openedAt: formatTime(finding.openedAt),
  closedAt: finding.closedAt === undefined ? null : formatTime(finding.closedAt),
});

const roundShare = (share: number): number => Math.round(share * 10_000) / 10_000;

/** The command. Resolves to the exit code. */
export async function replayCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      site: { type: 'string' },
      in: { type: 'string' },
      out: { type: 'string' },
      passages: { type: 'string' },
      findings: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.site === undefined || values.in === undefined)
    throw rejected('usage', `replay needs --site and --in.\n\n${HELP}`);
  const loaded = loadSite(values.site, readFileSync(values.site, 'utf8'), formatOf);
  if (loaded.file === undefined) throw configurationFault(loaded.problems);
  const input = values.in === '-' ? process.stdin : createReadStream(values.in);
  const startedAt = performance.now();
  const result = await replay(
    planSite({ file: loaded.file }),
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await writeLines(values.out, result.movements);
  if (values.passages !== undefined) await writeLines(values.passages, result.passages);
  if (values.findings !== undefined) await writeLines(values.findings, result.findings);
  for (const { closedAt, seen, advice } of result.findings)
    if (closedAt === null) process.stderr.write(`installation: ${seen} ${advice}\n`);
  for (const problem of result.rejected.slice(0, 20)) process.stderr.write(`left out: ${problem}\n`);
  if (result.rejected.length > 20) process.stderr.write(`left out: ${result.rejected.length - 20} more entries\n`);
  process.stderr.write(
    `${result.reads} reads → ${result.movements.length} movements, ${result.passages.length} passages in ${seconds.toFixed(1)} s (${Math.round(result.reads / seconds)} reads/s)\n`,
  );
  return 0;
}

async function writeLines(file: string | undefined, values: readonly unknown[]): Promise<void> {
  const stream = file === undefined ? process.stdout : createWriteStream(file);
  for (const value of values) if (!stream.write(`${JSON.stringify(value)}\n`)) await once(stream, 'drain');
  if (file === undefined) return;
  stream.end();
  await once(stream, 'finish');
}
