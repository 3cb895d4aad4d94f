// Simulated traffic through the real machines, row by row as a gateway would have sent it, with ticks in silence as the service
// gives them. What comes out is what held in the end, with the time of the row that it came out at.
import type { SitePlan } from '../../src/config/plan.ts';
import { EntriesBuilder } from '../../src/wire/entries.ts';
import type { Row } from '../../src/wire/row.ts';
import type { Crossing } from './match.ts';
import { FIRST_AT, type Traffic } from './traffic.ts';

/** The machines of a site (`src/derive.ts`). Handed in by the command: simulators know the wire, not how decisions are made. */
export interface Machine {
  readonly take: (row: Row) => Told;
  readonly end: () => Told;
  /** When something is due though no row comes. */
  readonly dueAt: (now: number) => number;
}
export type OpenMachine = (plan: SitePlan) => Machine;

/** As much of the effects of a row as is scored. */
export interface Told {
  readonly receivedAt: number;
  readonly passages: readonly {
    readonly id: string;
    readonly epc: string;
    readonly readPoint: string;
    readonly outcome: string;
    readonly leading: string;
    readonly crossedAt: number | undefined;
  }[];
  readonly transactions: readonly {
    readonly id: string;
    readonly epc: string | undefined;
    readonly readPoint: string | undefined;
    readonly source: string;
    readonly to: string;
    readonly happenedAt: number;
    readonly decision: { readonly id: string } | undefined;
    readonly supersedes: string | undefined;
  }[];
  readonly findings: readonly {
    readonly kind: string;
    readonly subject: { readonly readPoint: string; readonly antenna?: number | undefined };
    readonly openedAt: number;
    readonly closedAt: number | undefined;
  }[];
}

/** A fault of the installation that was found, and at what time of our clock. */
export type Found = Told['findings'][number] & { readonly toldAt: number };

/** A crossing that the machines told, and at what time of our clock. */
export interface Verdict extends Crossing {
  readonly toldAt: number;
}

/** A movement that the machines posted. */
export interface Move {
  readonly epc: string;
  readonly to: string;
  readonly at: number;
  readonly toldAt: number;
}

export interface Verdicts {
  /** Passages that most likely crossed, decided or left to a person. */
  readonly leading: readonly Verdict[];
  /** Movements that were read and posted, and not undone. */
  readonly posted: readonly Verdict[];
  /** Unread members of a container that were carried along. */
  readonly carried: readonly Verdict[];
  /** Every movement that was read and posted, and not undone: by whom, to where. */
  readonly moved: readonly Move[];
  readonly undecided: number;
  /** Movements posted again under the same id, and movements undone. */
  readonly repeated: number;
  readonly undone: number;
  /** As they opened; what closed again too. */
  readonly findings: readonly Found[];
}

/** A gateway sends what it has this often, and it takes so long. */
const LINGER_MS = 200;
const TRANSIT_MS = 20;
/** The service looks ten times a second whether anything is due. */
const LOOK_MS = 100;
/** After the last episode: enough for every session to end. */
const SILENCE_MS = 45_000;

/** A row without its place in the journal. */
type Unplaced<R extends Row = Row> = R extends Row ? Omit<R, 'offset' | 'site'> : never;

export function judge(traffic: Traffic, openMachine: OpenMachine): Verdicts {
  const { plan, until } = traffic;
  const machine = openMachine(plan);
  const told = openTold();
  let offset = 0;
  let now = FIRST_AT;
  const take = (row: Unplaced): void => {
    now = row.receivedAt;
    told.take(machine.take({ ...row, site: plan.site, offset: ++offset }));
  };
  const silence = (to: number): void => {
    for (;;) {
      const at = Math.max(now + LOOK_MS, Math.ceil(machine.dueAt(now) / LOOK_MS) * LOOK_MS);
      if (!(at < to)) return;
      take({ kind: 'tick', receivedAt: at });
    }
  };
  for (const row of rowsOf(traffic)) {
    silence(row.receivedAt);
    take(row);
  }
  silence(until + SILENCE_MS);
  told.take(machine.end());
  return told.done();
}

/** Commands when they are said, reads and photo-eyes in the envelope that closes after them; in order of arrival. */
function rowsOf({ reads, triggers, sayings }: Traffic): Unplaced[] {
  const envelopes = new Map<number, EntriesBuilder>();
  const envelopeAt = (at: number): EntriesBuilder => {
    const sentAt = (Math.floor(at / LINGER_MS) + 1) * LINGER_MS;
    const open = envelopes.get(sentAt) ?? new EntriesBuilder();
    envelopes.set(sentAt, open);
    return open;
  };
  for (const { reader, antenna, epc, rssiDbm, seenAt, reportedAt } of reads)
    envelopeAt(reportedAt).read(reader, antenna, epc, rssiDbm, seenAt);
  for (const trigger of triggers) envelopeAt(trigger.at).trigger(trigger);
  const commands = sayings.map(({ at, command }, index): Unplaced => ({
    kind: 'command',
    receivedAt: at,
    key: `saying-${index}`,
    actor: 'wms',
    command,
  }));
  const sent = [...envelopes].map(([sentAt, builder]): Unplaced => ({
    kind: 'entries',
    gateway: 'gw-1',
    sentAt,
    receivedAt: sentAt + TRANSIT_MS,
    entries: builder.build(),
  }));
  return [...commands, ...sent].sort((a, b) => a.receivedAt - b.receivedAt);
}

type Passage = Told['passages'][number] & Pick<Told, 'receivedAt'>;
type Transaction = Told['transactions'][number] & Pick<Told, 'receivedAt'>;

/** Last revisions of passages, and transactions without the undone ones. */
function openTold() {
  const passages = new Map<string, Passage>();
  const transactions = new Map<string, Transaction>();
  const findings: Found[] = [];
  let repeated = 0;
  let undone = 0;
  return {
    take({ receivedAt, ...told }: Told): void {
      for (const finding of told.findings)
        if (finding.closedAt === undefined) findings.push({ ...finding, toldAt: receivedAt });
      for (const passage of told.passages) passages.set(passage.id, { ...passage, receivedAt });
      for (const transaction of told.transactions) {
        if (transactions.has(transaction.id)) repeated++;
        if (transaction.supersedes === undefined) transactions.set(transaction.id, { ...transaction, receivedAt });
        else if (transactions.delete(transaction.supersedes)) undone++;
      }
    },
    done(): Verdicts {
      const posted = [...transactions.values()].filter(({ readPoint }) => readPoint !== undefined);
      return {
        leading: [...passages.values()]
          .filter(({ leading }) => leading === 'in' || leading === 'out')
          .map((passage) => leadingOf(passage)),
        posted: posted
          .filter(({ source, decision }) => source === 'read' && decision !== undefined && passages.has(decision.id))
          .map((transaction) => postedOf(transaction)),
        carried: posted.filter(({ source }) => source === 'inferred').map((transaction) => postedOf(transaction)),
        moved: posted
          .filter(({ source }) => source === 'read')
          .map(({ epc, to, happenedAt, receivedAt }) => ({ epc: epc!, to, at: happenedAt, toldAt: receivedAt })),
        undecided: [...passages.values()].filter(({ outcome }) => outcome === 'undecided').length,
        repeated,
        undone,
        findings,
      };
    },
  };
}

const leadingOf = ({ epc, readPoint, leading, crossedAt, receivedAt }: Passage): Verdict => ({
  epc,
  readPoint,
  direction: leading === 'out' ? 'out' : 'in',
  at: crossedAt!,
  toldAt: receivedAt,
});

/** The outside of these doors is the world. */
const postedOf = ({ epc, readPoint, to, happenedAt, receivedAt }: Transaction): Verdict => ({
  epc: epc!,
  readPoint: readPoint!,
  direction: to === 'world' ? 'out' : 'in',
  at: happenedAt,
  toldAt: receivedAt,
});
