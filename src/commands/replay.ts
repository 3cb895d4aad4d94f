// `tallygate replay`: the whole pipeline offline, on a file of envelopes: no database, event time, full speed. The same
// file gives the same bytes. Also how to judge Tallygate on one's own recorded reads before a pilot.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { loadSite } from '../config/load.ts';
import { configurationFault } from '../config/problems.ts';
import { planSite, type SitePlan } from '../config/plan.ts';
import { deriveEnd, deriveRow, openMachine } from '../derive.ts';
import type { Effects, PassageEffect, Transaction } from '../infer/effects.ts';
import type { Finding } from '../infer/installation/finding.ts';
import { messageOf, rejected } from '../kit/faults.ts';
import { textOf } from '../kit/files.ts';
import { formatOf } from '../wire/formats/formats.ts';
import type { MovementJson, PassageJson } from '../wire/movement.ts';
import { formatTime } from '../wire/time.ts';
import { linesOf, rowsOf, type Lines } from './recording.ts';

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
export async function replay(plan: SitePlan, lines: Lines): Promise<ReplayResult> {
  const machine = openMachine(plan);
  const result = openResult(plan.site);
  const rejectedEntries: string[] = [];
  let receivedAt = Number.NEGATIVE_INFINITY;
  let reads = 0;
  for await (const { row, rejected: leftOut } of rowsOf(plan, lines)) {
    rejectedEntries.push(...leftOut);
    receivedAt = row.receivedAt;
    reads += row.entries.reads.length;
    result.take(deriveRow(machine, row));
  }
  result.take(deriveEnd(machine));
  return { ...result.done(receivedAt), reads, rejected: rejectedEntries };
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
  const loaded = loadSite(values.site, textOf(values.site, 'unreadable-site'), formatOf);
  if (loaded.file === undefined) throw configurationFault(loaded.problems);
  const startedAt = performance.now();
  const result = await replay(planSite({ file: loaded.file }), await linesOf(values.in));
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
  const lines = values.map((value) => `${JSON.stringify(value)}\n`);
  if (file === undefined) {
    for (const line of lines) if (!process.stdout.write(line)) await once(process.stdout, 'drain');
    return;
  }
  try {
    await pipeline(lines, createWriteStream(file));
  } catch (error) {
    throw rejected('unwritable', `${file} cannot be written: ${messageOf(error)}`);
  }
}
