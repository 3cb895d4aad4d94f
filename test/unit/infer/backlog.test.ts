// A day that comes late and in fits and starts (the service was away, a gateway sends its outbox) is booked as if it had come in
// its own time: the effective history is the same, whatever was undone on the way (promise P3).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { random } from '../../../simulators/random.ts';
import { loadSite } from '../../../src/config/load.ts';
import { planSite } from '../../../src/config/plan.ts';
import { deriveEnd, deriveRow, dueAt, openMachine } from '../../../src/derive.ts';
import type { Effects, Transaction } from '../../../src/infer/effects.ts';
import { decodeEnvelope } from '../../../src/wire/envelope.ts';
import type { Entries } from '../../../src/wire/entries.ts';
import { formatOf } from '../../../src/wire/formats/formats.ts';
import { simulateDay } from '../../support/drill.ts';

const SITE_FILE = new URL('../../../config/sites/dc1.yaml', import.meta.url).pathname;
const plan = planSite({
  file: loadSite(SITE_FILE, readFileSync(SITE_FILE, 'utf8'), (format, mapping) => void formatOf(format, mapping)).file!,
});
const folder = mkdtempSync(join(tmpdir(), 'tallygate-backlog-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const READS_AN_ENVELOPE = 5;
const MINUTES = 10;
/** Two days after the last of it has happened. */
const LATER_MS = 2 * 86_400_000;
/** The service looks ten times a second whether anything is due. */
const LOOK_MS = 100;
const QUIET_MS = 120_000;

interface Arrival {
  readonly at: number;
  readonly entries: Entries;
  /** Our clock was set ahead before it: there was no meanwhile in which anybody looked. */
  readonly isBehindJump?: boolean;
}

interface Told {
  /** What holds in the end; not the id: what was undone and came back has another. */
  readonly movements: readonly string[];
  readonly undone: number;
}

/** Rows as they arrive, ticks in between as the service gives them. */
function derive(arrivals: readonly Arrival[]): Told {
  const machine = openMachine(plan);
  const movements = new Map<string, Transaction>();
  let undone = 0;
  const take = ({ transactions }: Effects): void => {
    for (const transaction of transactions) {
      if (transaction.supersedes === undefined) movements.set(transaction.id, transaction);
      else if (movements.delete(transaction.supersedes)) undone++;
    }
  };
  let offset = 0;
  const place = (receivedAt: number) => ({ site: plan.site, offset: ++offset, receivedAt });
  let now = arrivals[0]!.at;
  const ticksUntil = (at: number): void => {
    for (;;) {
      const due = Math.max(now + LOOK_MS, Math.ceil(dueAt(machine, now)));
      if (due >= at) break;
      now = due;
      take(deriveRow(machine, { kind: 'tick', ...place(now) }));
    }
  };
  for (const { at, entries, isBehindJump } of arrivals) {
    if (isBehindJump !== true) ticksUntil(at);
    now = Math.max(now, at);
    take(deriveRow(machine, { kind: 'entries', ...place(now), gateway: 'gw-1', sentAt: undefined, entries }));
  }
  ticksUntil(now + QUIET_MS);
  take(deriveEnd(machine));
  return { movements: [...movements.values()].map((movement) => contentOf(movement)).toSorted(), undone };
}

const contentOf = ({ epc, type, from, to, container, happenedAt, source, readPoint, postings }: Transaction): string =>
  JSON.stringify([epc, type, from, to, container, happenedAt, source, readPoint, postings]);

/** Its envelopes, in small ones, with the time by which each was sent. */
function envelopesOf(file: string): readonly Arrival[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const { reads = [], ...rest } = JSON.parse(line) as { reads?: unknown[] } & Record<string, unknown>;
      const parts = Array.from({ length: Math.max(1, Math.ceil(reads.length / READS_AN_ENVELOPE)) }, (_, index) => ({
        ...(index === 0 ? rest : { ...rest, scans: [], triggers: [], measures: [] }),
        reads: reads.slice(index * READS_AN_ENVELOPE, (index + 1) * READS_AN_ENVELOPE),
      }));
      return parts.map((part) => {
        const { sentAt, entries } = decodeEnvelope(Buffer.from(JSON.stringify(part)), plan.isKnownDevice);
        return { at: sentAt!, entries };
      });
    });
}

/** Much faster than it happened, with pauses of up to a quarter of a minute. */
function laterInFits(envelopes: readonly Arrival[], seed: number): readonly Arrival[] {
  const chance = random(seed, 'backlog');
  let at = envelopes.at(-1)!.at + LATER_MS;
  return envelopes.map(({ entries }) => {
    at += Math.round(chance.chance(0.001) ? chance.between(1000, 15_000) : chance.between(0, 4));
    return { at, entries };
  });
}

/** Much faster than it happened, and our own clock is set ahead by hours time and again. */
function whileOurClockJumps(envelopes: readonly Arrival[], seed: number): readonly Arrival[] {
  const chance = random(seed, 'clock');
  let at = envelopes.at(-1)!.at + LATER_MS;
  return envelopes.map(({ entries }) => {
    const isBehindJump = chance.chance(0.005);
    at += Math.round(isBehindJump ? chance.between(60_000, 36 * 3_600_000) : chance.between(0, 4));
    return { at, entries, isBehindJump };
  });
}

it.each([1, 2])(
  'a day that comes two days late while our clock is set ahead again and again is booked as it was (seed %i)',
  async (seed) => {
    const start = new Date(Date.UTC(2026, 0, 5, seed * 5)).toISOString();
    const day = await simulateDay(folder, SITE_FILE, { seed, minutes: MINUTES, start });
    const envelopes = envelopesOf(day.reads);
    const arrivals = whileOurClockJumps(envelopes, seed);
    expect(arrivals.filter(({ isBehindJump }) => isBehindJump).length).toBeGreaterThan(5);
    expect(derive(arrivals).movements).toEqual(derive(envelopes).movements);
  },
  120_000,
);

it.each([1, 2, 3])(
  'a day that comes two days late, in fits and starts, is booked as it was (seed %i)',
  async (seed) => {
    const start = new Date(Date.UTC(2026, 0, 5, seed * 7)).toISOString();
    const day = await simulateDay(folder, SITE_FILE, { seed, minutes: MINUTES, start });
    const envelopes = envelopesOf(day.reads);
    const late = derive(laterInFits(envelopes, seed));
    expect(late.undone).toBeGreaterThan(0);
    expect(late.movements.length).toBeGreaterThan(300);
    expect(late.movements).toEqual(derive(envelopes).movements);
  },
  120_000,
);
