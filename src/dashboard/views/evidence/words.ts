// A decision in words that a supervisor would use. Pure; it says only what the evidence holds.
import type { Evidence } from '../../api/types.ts';
import { countText, OUTCOME_TEXT, shortText, sureText } from '../../shared/text.ts';
import { asOutcome } from '../../shared/Outcome.tsx';

/** The sentences under "Why". */
export function decisionWords(evidence: Evidence): readonly string[] {
  const { movement, passage, decision, person, reads } = evidence;
  const words: string[] = [];
  if (movement.supersedes !== null) {
    words.push(
      'Later evidence showed that an earlier movement had not happened: this one undoes it, from and to swapped.',
    );
  }
  if (person !== null) words.push(`${person.actor} said so${person.reason === null ? '.' : `: “${person.reason}”`}`);
  if (passage !== null) {
    words.push(...passageWords(evidence));
  } else if (decision?.kind === 'presence') {
    words.push(
      `${movement.readPoint ?? 'An antenna'} heard it often and strongly enough (${countText(reads.length, 'moment')}) to say that it had come to ${movement.to}: ${sureText(movement.confidence)} sure.`,
    );
  } else if (movement.source === 'inferred') {
    words.push('Nobody saw it by itself: it was packed into a container, and travelled with it.');
  } else if (movement.source === 'scan') {
    words.push(`It was scanned by a person${movement.readPoint === null ? '' : ` at ${movement.readPoint}`}.`);
  } else if (movement.source === 'import') {
    words.push('It was taken over from another system.');
  }
  words.push(bookedWords(evidence));
  return words;
}

function passageWords({ passage, movement }: Evidence): string[] {
  const { readPoint, outcome, leading, probability, group, decidedBy } = passage!;
  const others = group === null || group.size < 2 ? '' : `, together with ${countText(group.size - 1, 'other')}`;
  if (decidedBy !== null)
    return [`${decidedBy} decided that it went ${OUTCOME_TEXT[asOutcome(outcome)]} at ${readPoint}${others}.`];
  const direction = movement.supersedes === null ? outcome : leading;
  if (direction === 'in' || direction === 'out') {
    return [
      `${readPoint} saw it cross ${direction === 'in' ? 'inward' : 'outward'}${others}: ${sureText(probability)} sure.`,
    ];
  }
  return [
    `${readPoint} now says: ${OUTCOME_TEXT[asOutcome(outcome)]}, most likely ${OUTCOME_TEXT[asOutcome(leading)]} (${sureText(probability)}).`,
  ];
}

function bookedWords({ movement, postings }: Evidence): string {
  const { type, from, to } = movement;
  const route = `from ${from} to ${to}`;
  return postings.length === 0
    ? `It was noted as ${type} ${route}; no stock changed.`
    : `It was booked as ${type} ${route} in ${countText(postings.length, 'ledger line')}.`;
}

export interface Score {
  readonly name: string;
  readonly value: number;
  readonly means: string;
}

const MEANS: Readonly<Record<string, string>> = {
  in: 'its reads, for crossing inward',
  out: 'its reads, for crossing outward',
  pooled: 'all tags together, that anything crossed',
  mobility: 'its part in earlier crossings',
  logOdds: 'its reads, for being here',
};

export const scoresOf = (scores: Readonly<Record<string, unknown>>): readonly Score[] =>
  Object.entries(scores).flatMap(([name, value]) =>
    typeof value === 'number' ? [{ name, value, means: MEANS[name] ?? name }] : [],
  );

/** A natural logarithm of odds as a bet: 6.9 is 1,000 : 1 for, −2.3 is 10 : 1 against. */
export function oddsText(value: number): string {
  const ratio = Math.exp(Math.abs(value));
  if (ratio < 1.05) return 'even';
  const bet = ratio > 1e6 ? '> 1M' : ratio < 10 ? ratio.toFixed(1) : shortText(ratio);
  return `${bet} : 1 ${value > 0 ? 'for' : 'against'}`;
}
