// Passages have a name that lasts: the first decision about a presence gives it, later ones count revisions. Here decisions
// become passages, and passages that moved something become claims.
import { crossingOf, type PortalPlan, type SitePlan } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import { EntriesBuilder, type Entries } from '../wire/entries.ts';
import { formatTime } from '../wire/time.ts';
import type { Withdrawal } from './book.ts';
import type { EffectsDraft, Label } from './effects.ts';
import type { Claim } from './item.ts';
import { directionOf, isSamePassage, LATER_READS, type Decision, type Outcome } from './passage.ts';
import type { AreaChange } from './area.ts';
import { keptOf, readsOf, type KeptReads } from './recent.ts';
import type { Direction } from './track.ts';
import { packPassage, unpackPassage, type WaitingPassage } from './waitingPassage.ts';

/** A passage that a late read or a person may still change. */
export interface KnownPassage {
  readonly id: string;
  readonly epc: string;
  revision: number;
  /** What was decided about this presence, oldest first: a crossing holds, else the last. Empty when later reads left nothing of it. */
  decisions: readonly Decision[];
  /** The one told last. */
  told: Decision;
  /** A person's word is final. */
  decidedBy: string | undefined;
}

export interface Passages {
  /** Those that only a person can still decide are packed. */
  readonly byId: Map<string, KnownPassage | WaitingPassage>;
  /** What each decision that late reads can still change says → the passage it belongs to. */
  readonly byDecision: Map<string, KnownPassage>;
}

export const openPassages = (): Passages => ({ byId: new Map(), byDecision: new Map() });

/** Restores what can be found by content, after a snapshot. */
export function indexPassages(passages: Passages): void {
  for (const passage of passages.byId.values()) {
    if (typeof passage === 'string') continue;
    for (const decision of passage.decisions) passages.byDecision.set(keyOf(decision), passage);
  }
}

/** A passage that is still open to change or decision, to be read. */
export function passageOf({ byId }: Passages, id: string): Readonly<KnownPassage> | undefined {
  const known = byId.get(id);
  return typeof known === 'string' ? unpackPassage(id, known) : known;
}

/** The same to be changed. */
function holdPassage(passages: Passages, id: string): KnownPassage | undefined {
  const known = passageOf(passages, id);
  if (known !== undefined) passages.byId.set(id, known);
  return known;
}

/** After a site file was loaded doors and antennas have other numbers. What was decided at a door that is gone is final. */
export function rebasePassages(passages: Passages, before: SitePlan, plan: SitePlan): void {
  const rebased = (decision: Decision): Decision => ({
    ...decision,
    portal: portalNamed(plan, before.readPoints[decision.portal]!.id),
    reads: keptOf(
      readsOf(decision.reads).flatMap((read) => {
        const antenna = plan.antennaOf(before.antennas[read.antenna]!);
        return antenna === undefined ? [] : [{ ...read, antenna: antenna.index }];
      }),
    ),
  });
  passages.byDecision.clear();
  for (const id of passages.byId.keys()) {
    const passage = holdPassage(passages, id)!;
    passage.told = rebased(passage.told);
    if (passage.told.portal === GONE) passages.byId.delete(id);
    else passage.decisions = passage.decisions.map(rebased);
  }
  indexPassages(passages);
}

const GONE = -1;
const portalNamed = (plan: SitePlan, id: string): number =>
  plan.readPoints.findIndex((point) => point.kind === 'portal' && point.id === id);

/** Undecided passages kept for a person, in some 600 bytes each; beyond it the oldest are no longer open to a decision. */
export const UNDECIDED_MAX = 20_000;

export interface ClaimChanges {
  readonly claims: readonly Claim[];
  readonly withdrawals: readonly Withdrawal[];
}

interface Changes {
  readonly claims: Claim[];
  readonly withdrawals: Withdrawal[];
  readonly draft: EffectsDraft;
}

/** Takes what an area decided. Adds passages and evidence to the draft; returns what changes for items. */
export function takeDecisions(
  passages: Passages,
  plan: SitePlan,
  epcOf: (tag: number) => string,
  change: AreaChange,
  draft: EffectsDraft,
): ClaimChanges {
  const changes: Changes = { claims: [], withdrawals: [], draft };
  const touched = new Set<KnownPassage>();
  const open: { readonly old: Decision; readonly passage: KnownPassage }[] = [];
  for (const old of change.withdrawn) {
    const direction = directionOf(old.outcome);
    const epc = epcOf(old.tag);
    const passage = passages.byDecision.get(keyOf(old));
    if (direction !== undefined && passage?.decidedBy === undefined)
      changes.withdrawals.push({ epc, claim: claimId(plan, old.portal, epc, direction, old.crossedAt!) });
    if (passage === undefined) continue;
    passage.decisions = passage.decisions.filter((decision) => keyOf(decision) !== keyOf(old));
    passages.byDecision.delete(keyOf(old));
    open.push({ old, passage });
    touched.add(passage);
  }
  const decided = change.decided.toSorted(
    (a, b) => momentOf(a) - momentOf(b) || compareText(epcOf(a.tag), epcOf(b.tag)),
  );
  for (const decision of decided) {
    const index = open.findIndex(({ old, passage }) => isSamePassage(old, decision) && isOpenTo(passage));
    const [replaced] = index === -1 ? [] : open.splice(index, 1);
    const passage = replaced?.passage ?? passageFor(passages, plan, decision, epcOf(decision.tag));
    passage.decisions = [...passage.decisions, decision].sort((a, b) => a.decidedAt - b.decidedAt);
    passages.byDecision.set(keyOf(decision), passage);
    touched.add(passage);
  }
  for (const passage of touched) {
    if (passage.decidedBy !== undefined) continue;
    const held = heldOf(passage);
    if (held === undefined) tell(passages, plan, passage, dissolved(passage.told), LATER_READS, changes);
    else if (passage.revision === 0 || keyOf(held) !== keyOf(passage.told))
      tell(passages, plan, passage, held, undefined, changes);
  }
  return changes;
}

/** What the reads say of a passage: a crossing holds, else the last. Undefined when later reads left nothing of it. */
const heldOf = ({ decisions }: KnownPassage): Decision | undefined =>
  decisions.findLast(({ leading }) => directionOf(leading) !== undefined) ?? decisions.at(-1);

/** One crossing is one passage; what was heard before it without a decision belongs to it. */
const isOpenTo = (passage: KnownPassage): boolean =>
  passage.decisions.every(({ leading }) => directionOf(leading) === undefined);

const dissolved = (decision: Decision): Decision => ({
  ...decision,
  outcome: 'stray',
  leading: 'stray',
  probability: 1,
  crossedAt: undefined,
});

/** The passage of a decision about a presence not yet known, or known by its first read. */
function passageFor(passages: Passages, plan: SitePlan, decision: Decision, epc: string): KnownPassage {
  for (let copy = 0; ; copy++) {
    const id = contentId('passage', plan.site, plan.readPoints[decision.portal]!.id, epc, decision.firstAt, copy);
    const known = holdPassage(passages, id);
    // It kept the name of an earlier first read, or has crossed already: another presence.
    if (known !== undefined && (known.told.firstAt !== decision.firstAt || !isOpenTo(known))) continue;
    if (known !== undefined) return known;
    const passage: KnownPassage = {
      id,
      epc,
      revision: 0,
      decisions: [],
      told: decision,
      decidedBy: undefined,
    };
    passages.byId.set(id, passage);
    return passage;
  }
}

/** What a person says of a passage. `at`: when, ms. */
export interface Word {
  readonly outcome: Exclude<Outcome, 'undecided'>;
  readonly actor: string;
  readonly reason: string | undefined;
  readonly at: number;
}

/**
 * A person decides. What the reads had said is kept beside it: a label to calibrate by. Returns what changes for the item, or
 * undefined when the passage is not open to it any more.
 */
export function decideByPerson(
  passages: Passages,
  plan: SitePlan,
  id: string,
  { outcome, actor, reason, at }: Word,
  draft: EffectsDraft,
): ClaimChanges | undefined {
  const known = holdPassage(passages, id);
  if (known === undefined) return undefined;
  const changes: Changes = { claims: [], withdrawals: [], draft };
  const crossedAt =
    directionOf(outcome) === undefined ? known.told.crossedAt : (known.told.crossedAt ?? known.told.lastAt);
  const { told, epc } = known;
  const before = directionOf(told.outcome);
  if (before !== undefined && before !== directionOf(outcome))
    changes.withdrawals.push({ epc, claim: claimId(plan, told.portal, epc, before, told.crossedAt!) });
  const said = heldOf(known) ?? dissolved(told);
  tell(passages, plan, known, { ...told, outcome, leading: outcome, probability: 1, crossedAt }, actor, changes, {
    outcome,
    by: actor,
    at: formatTime(at),
    reason: reason ?? null,
    said: { outcome: said.outcome, leading: said.leading, probability: said.probability },
  });
  return {
    claims: changes.claims.map((claim) => ({ ...claim, source: 'person', actor, reason })),
    withdrawals: changes.withdrawals,
  };
}

/** From when on, in event time, something can still happen to what was decided at a portal. */
export interface Reachable {
  /** Reads from before come too late to find a place. */
  readonly byReads: (portal: number) => number;
  /** No fold goes back further. */
  readonly byFolds: (portal: number) => number;
}

/** Passages that nothing can change any more are forgotten; undecided ones wait for a person. */
export function trimPassages(passages: Passages, { byReads, byFolds }: Reachable): void {
  let undecided = 0;
  for (const passage of passages.byId.values())
    if (typeof passage === 'string' || passage.told.outcome === 'undecided') undecided++;
  for (const [id, passage] of passages.byId) {
    const isTooMany = undecided > UNDECIDED_MAX;
    if (typeof passage === 'string') {
      if (isTooMany && passages.byId.delete(id)) undecided--;
      continue;
    }
    const isUndecided = passage.told.outcome === 'undecided';
    if (isUndecided && !isTooMany) {
      if (!isSettled(passage, byFolds)) continue;
      passages.byId.set(id, packPassage(passage));
    } else {
      if (passage.told.decidedAt >= byReads(passage.told.portal)) continue;
      if (isUndecided) undecided--;
      passages.byId.delete(id);
    }
    for (const decision of passage.decisions) passages.byDecision.delete(keyOf(decision));
  }
}

const isSettled = ({ told, decisions }: KnownPassage, byFolds: Reachable['byFolds']): boolean =>
  [told, ...decisions].every(({ decidedAt, portal }) => decidedAt <= byFolds(portal));

const momentOf = (decision: Decision): number => decision.crossedAt ?? decision.lastAt;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const keyOf = (decision: Decision): string =>
  [
    decision.tag,
    decision.portal,
    decision.outcome,
    decision.leading,
    decision.probability,
    decision.crossedAt,
    decision.firstAt,
    decision.lastAt,
  ].join(' ');

/** Counts a revision up and tells it: passage, evidence, and what it changes for the item. */
function tell(
  passages: Passages,
  plan: SitePlan,
  passage: KnownPassage,
  decision: Decision,
  decidedBy: string | undefined,
  { claims, draft }: Changes,
  label?: Label,
): void {
  const { id, epc } = passage;
  const revision = ++passage.revision;
  const portal = plan.readPoints[decision.portal] as PortalPlan;
  const direction = directionOf(decision.outcome);
  if (direction !== undefined) claims.push(claimOf(plan, portal, id, revision, epc, decision, direction));
  passage.told = decision;
  passage.decidedBy = decidedBy === LATER_READS ? undefined : decidedBy;
  draft.passages.push({
    id,
    revision,
    readPoint: portal.id,
    epc,
    sku: undefined,
    firstAt: decision.firstAt,
    lastAt: decision.lastAt,
    crossedAt: decision.crossedAt,
    outcome: decision.outcome,
    leading: decision.leading,
    probability: decision.probability,
    group: decision.group && {
      id: contentId('group', plan.site, portal.id, decision.group.at),
      size: decision.group.size,
    },
    inferred: false,
    decidedBy,
  });
  draft.evidence.push({
    id,
    revision,
    kind: 'passage',
    scores: label === undefined ? decision.scores : { ...decision.scores, label },
    reads: entriesOf(plan, epc, decision.reads),
  });
}

const claimId = (plan: SitePlan, portal: number, epc: string, direction: Direction, at: number): string =>
  contentId('crossing', plan.site, plan.readPoints[portal]!.id, epc, direction, at);

/** The claim is named by what it says, so that a second decision to the same effect changes nothing. */
function claimOf(
  plan: SitePlan,
  portal: PortalPlan,
  id: string,
  revision: number,
  epc: string,
  decision: Decision,
  direction: Direction,
): Claim {
  const at = decision.crossedAt!;
  return {
    id: claimId(plan, decision.portal, epc, direction, at),
    epc,
    at,
    what: { kind: 'crossing', ...crossingOf(portal, direction) },
    source: 'read',
    confidence: decision.probability,
    readPoint: portal.id,
    decision: { id, revision },
    actor: undefined,
    reason: undefined,
  };
}

/** The reads that were weighed, as entries: what the evidence shows. */
function entriesOf(plan: SitePlan, epc: string, reads: KeptReads): Entries {
  const builder = new EntriesBuilder();
  for (const read of readsOf(reads)) {
    const antenna = plan.antennas[read.antenna]!;
    builder.read(antenna.reader, antenna.antenna, epc, Number.isNaN(read.rssiDbm) ? undefined : read.rssiDbm, read.at);
  }
  return builder.build();
}
