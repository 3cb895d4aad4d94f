// A decision in sentences, for whoever stands at the door at three in the morning. Every number in them is one of the facts. Pure.
import { becomes, type Change } from './changes.ts';
import type { SideFacts } from './sides.ts';
import type { Facts } from './why.ts';

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  in: 'in',
  out: 'out',
  turned_back: 'turned back',
  stayed: 'stayed',
  stray: 'only passing',
  undecided: 'undecided',
};
const named = (outcome: string): string => OUTCOME_WORDS[outcome] ?? outcome;

export function wordsOf(facts: Facts): string[] {
  return [
    ...labelWords(facts),
    ...sideWords(facts),
    ...loadWords(facts),
    ...beamWords(facts),
    ...outcomeWords(facts),
    ...marginWords(facts),
    ...ownWords(facts),
    ...kindWords(facts),
    ...facts.changes.map((change) => changeWords(change, facts)),
  ];
}

function kindWords({ kind, said: { leading, probability } }: Facts): string[] {
  switch (kind) {
    case 'again':
      return [];
    case 'simple':
      return [
        'So many tags were in hearing that counts and strengths alone decided: what would have changed it was not kept.',
      ];
    case 'dissolved':
      return ['Reads that came later belong to another passage: of this one nothing is left.'];
    case 'other':
      return [
        'The antennas of the site file, or the software, are others than then: what would have changed it cannot be told any more.',
      ];
    case 'idle':
      return [
        ...(leading === 'stray'
          ? ['So few reads say no more than that it was near, or leaked from another door.']
          : []),
        ...(leading === 'turned_back'
          ? ['In between the far side heard it loudly: it came to the door and went back.']
          : []),
        probability > 0.995
          ? 'At no time did its reads look like a crossing, so there is nothing that nearly changed it.'
          : `It may have crossed by itself, with ${shareText(1 - probability)}: too unlikely to ask a person.`,
      ];
  }
}

function labelWords({ label }: Facts): string[] {
  if (label === undefined) return [];
  const { outcome, by, reason, said } = label;
  const before = said.outcome === 'undecided' ? `undecided, most likely ${named(said.leading)}` : named(said.outcome);
  return [
    `${by} decided: ${named(outcome)}${reason === null ? '' : ` (${reason})`}. The reads had said: ${before}, ${shareText(said.probability)}.`,
  ];
}

function sideWords({ readPoint, sides: { sides, firstSide, lastSide }, timeZone }: Facts): string[] {
  const total = sides.reduce((sum, { reads }) => sum + reads, 0);
  if (total === 0) return [`No read of ${readPoint} was kept.`];
  const of = ({ side, reads, bestDbm, centroidAt }: SideFacts): string =>
    reads === 0
      ? `none ${side}`
      : `${reads} ${side} (${bestDbm === null ? 'no RSSI told' : `best ${dbmText(bestDbm)}`}, around ${clockText(centroidAt!, timeZone, 1)})`;
  const turn = firstSide === lastSide ? `First and last ${firstSide}.` : `First ${firstSide}, last ${lastSide}.`;
  return [`${readPoint} read it ${times(total)}: ${sides.map(of).join(', ')}. ${turn}`];
}

function loadWords({ load, crossedAt, timeZone }: Facts): string[] {
  if (load === null) return [];
  const { size, share, probability, member } = load;
  const when = crossedAt === undefined ? '' : ` at ${clockText(crossedAt, timeZone, 1)}`;
  return [
    `It was weighed with a load of ${size === 1 ? 'one tag' : `${size} tags`}${when}, some ${Math.round(100 * share)} % of what was heard: the load crossed with ${shareText(probability)}, this tag was of it with ${shareText(member)}.`,
  ];
}

function beamWords({ beam, prior }: Facts): string[] {
  return [
    ...(beam > 0 ? [`The light beam was broken then: ${oddsText(beam)}.`] : []),
    ...(beam < 0 ? [`The light beam was not broken then: ${oddsText(beam)}.`] : []),
    ...(Math.abs(prior) < 0.5
      ? []
      : [`${prior > 0 ? 'It moved with others before' : 'It stayed when others moved before'}: ${oddsText(prior)}.`]),
  ];
}

function outcomeWords({ outcomes, second }: Facts): string[] {
  const list = outcomes.map(({ outcome, probability }) => `${named(outcome)} ${shareText(probability)}`).join(', ');
  if (second === null) return [`Outcomes: ${list}.`];
  return [
    `Outcomes: ${list}. ${capital(named(second.outcome))} comes second, ${timesText(second.behindNats)} less likely.`,
  ];
}

/** Less than a quarter more. */
const NARROWLY = 0.2;

function marginWords({ marginNats, postAt, said }: Facts): string[] {
  if (marginNats === null || postAt === null) return [];
  if (marginNats >= 0 && marginNats < NARROWLY) return [`Stock moves from ${shareText(postAt)} on: only just reached.`];
  if (marginNats >= 0)
    return [`Stock moves from ${shareText(postAt)} on: its odds are ${timesText(marginNats)} what that takes.`];
  return said.outcome === 'undecided'
    ? [`Stock moves from ${shareText(postAt)} on: its odds fell short by a factor of ${ratioText(-marginNats)}.`]
    : [];
}

function ownWords({ own, load, changes }: Facts): string[] {
  if (own === null || load === null || changes.some(({ change }) => change === 'without-load')) return [];
  return [`Its own reads alone say ${named(own.outcome)}, ${shareText(own.probability)}.`];
}

/** What would have been different, and what it would have led to. */
export function changeWords(
  change: Change,
  { thresholds, timeZone, nameOf }: Pick<Facts, 'thresholds' | 'timeZone' | 'nameOf'>,
): string {
  const { outcome, leading, probability } = becomes(change, thresholds);
  const result =
    outcome === 'undecided'
      ? `undecided, most likely ${named(leading)} (${shareText(probability)})`
      : `${named(outcome)} (${shareText(probability)})`;
  switch (change.change) {
    case 'without-load':
      return `Without its load (${change.others === 1 ? 'one other tag' : `${change.others} other tags`}) this tag alone would be ${result}.`;
    case 'beam-broken':
      return `A light beam broken at that moment would make it ${result}.`;
    case 'beam-whole':
      return `Had the light beam not been broken, it would be ${result}.`;
    case 'more-reads':
      return `${change.reads === 1 ? 'One more read' : `${change.reads} more reads`} at ${nameOf(change.antenna)} (${dbmText(change.rssiDbm)}) after ${clockText(change.from, timeZone)} would make it ${result}.`;
    case 'without-read':
      return `It hangs on one read, of ${nameOf(change.antenna)} at ${clockText(change.at, timeZone, 1)}: without it, it would be ${result}.`;
    case 'without-antenna':
      return `It hangs on ${nameOf(change.antenna)}: without its ${change.reads === 1 ? 'read' : `${change.reads} reads`} it would be ${result}.`;
  }
}

/** 0.93; close to 1 with one more digit. */
export const shareText = (probability: number): string =>
  probability > 0.9995
    ? '> 0.999'
    : probability > 0.99
      ? probability.toFixed(3)
      : probability < 0.005
        ? '< 0.01'
        : probability.toFixed(2);

/** A natural logarithm of odds as a bet. */
const oddsText = (nats: number): string => `${ratioText(Math.abs(nats))} : 1 ${nats > 0 ? 'for' : 'against'}`;
const timesText = (nats: number): string => `${ratioText(nats)} times`;
function ratioText(nats: number): string {
  const ratio = Math.exp(Math.min(20, nats));
  if (ratio > 1e6) return 'over a million';
  return ratio < 10 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString('en');
}

const dbmText = (dbm: number): string => `${String(dbm).replace('-', '−')} dBm`;
const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function clockText(at: number, timeZone: string, digits?: 1): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    ...(digits !== undefined && { fractionalSecondDigits: digits }),
  });
  return format.format(at);
}
