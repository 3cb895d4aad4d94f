// What is wrong with an installation, as far as its reads show it: found and closed by itself, with what was seen, in numbers and in
// a sentence, and what to do about it. Installation costs more than any rule of decision wins back (an antenna that does not
// look at its side halves the accuracy of a door), so it is looked at all the time. Pure.
import { contentId } from '../../kit/ids.ts';
import type { Severity } from '../effects.ts';

export const FINDING_KINDS = [
  'sides-alike',
  'side-swapped',
  'read-once',
  'clocks-apart',
  'antenna-dead',
  'antenna-deaf',
  'zones-alike',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** What a finding is about: a read point, and where it can be said a reader and its antenna, or the other one of two. */
export interface FindingSubject {
  readonly readPoint: string;
  readonly reader?: string | undefined;
  readonly antenna?: number | undefined;
  /** The other read point (zones) or reader (clocks). */
  readonly other?: string | undefined;
}

/** Something is wrong with the installation. Times in ms, event time. */
export interface Finding {
  /** Made of site, kind, subject and when it opened: a second derivation gives the same. */
  readonly id: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly subject: FindingSubject;
  /** The first of what it was concluded from. */
  readonly since: number;
  readonly openedAt: number;
  /** Undefined while it holds. */
  readonly closedAt: number | undefined;
  /** How sure, 0 to 1: of what was looked at, the share that says so; of what is measured, by how many measures. */
  readonly certainty: number;
  /** The figures that it rests on, units in their names. */
  readonly evidence: Readonly<Record<string, number>>;
  /** For a person: what was seen. */
  readonly seen: string;
  /** For a person: what to do. */
  readonly advice: string;
}

/** What is thought of one subject just now. Between `holds` and `isOver` nothing changes: no finding goes to and fro. */
export interface Opinion {
  readonly kind: FindingKind;
  readonly subject: FindingSubject;
  readonly severity: Severity;
  readonly holds: boolean;
  readonly isOver: boolean;
  readonly since: number;
  readonly certainty: number;
  readonly evidence: Readonly<Record<string, number>>;
  readonly seen: string;
  readonly advice: string;
}

/** Open findings, by kind and subject. */
export type OpenFindings = Map<string, Finding>;

const keyOf = ({ kind, subject: { readPoint, reader, antenna, other } }: Pick<Opinion, 'kind' | 'subject'>): string =>
  JSON.stringify([kind, readPoint, reader, antenna, other]);

/** What explains what: while one of these is open at a read point, the other does not open there. */
const EXPLAINED_BY: Readonly<Partial<Record<FindingKind, readonly FindingKind[]>>> = {
  'sides-alike': ['side-swapped', 'clocks-apart'],
  'antenna-deaf': ['antenna-dead', 'side-swapped', 'sides-alike'],
};

/** Opens what holds and closes what is over; what changed by it is added to `told`. */
export function follow(open: OpenFindings, site: string, opinion: Opinion, at: number, told: Finding[]): void {
  const key = keyOf(opinion);
  const isExplained = [...open.values()].some(
    ({ kind, subject }) =>
      subject.readPoint === opinion.subject.readPoint && EXPLAINED_BY[opinion.kind]?.includes(kind) === true,
  );
  if (open.has(key)) {
    if (opinion.isOver || isExplained) close(open, key, at, told);
    return;
  }
  if (!opinion.holds || isExplained) return;
  const { kind, subject, severity, since, certainty, evidence, seen, advice } = opinion;
  const finding: Finding = {
    id: contentId('finding', site, key, at),
    kind,
    severity,
    subject,
    since,
    openedAt: at,
    closedAt: undefined,
    certainty: rounded(certainty, 100),
    evidence: Object.fromEntries(Object.entries(evidence).map(([name, value]) => [name, rounded(value, 10)])),
    seen,
    advice,
  };
  open.set(key, finding);
  told.push(finding);
}

/** Closes what is about read points, readers or antennas that are gone. */
export function closeGone(
  open: OpenFindings,
  isGone: (finding: Finding) => boolean,
  at: number,
  told: Finding[],
): void {
  for (const [key, finding] of open) if (isGone(finding)) close(open, key, at, told);
}

function close(open: OpenFindings, key: string, at: number, told: Finding[]): void {
  told.push({ ...open.get(key)!, closedAt: at });
  open.delete(key);
}

const rounded = (value: number, steps: number): number => Math.round(value * steps) / steps;

/** Of so many, so many say so: never quite sure, and the less so the fewer there are (Jeffreys prior). */
export const shareOf = (agreeing: number, all: number): number => (agreeing + 0.5) / (all + 1);
