// What a load did: tags that took the same course at the same moment are weighed together, since the evidence of one is weak and
// that of ten is not. Who belongs to it is not known beforehand: each tag either took the course or did something of its own.
import { logistic, logit, logSumOf } from '../signal.ts';
import type { Direction } from '../track.ts';
import type { Bank } from './bank.ts';
import { KINDS, type CourseKind } from './courses.ts';
import { MOMENTS, momentMs, type Explanation } from './explain.ts';

/** A tag as it is weighed: likelihoods of courses against what a tag may do by itself. */
export interface Weighed {
  /** P(reads | it took this course at this moment, give or take) over P(reads | it stands, or passes or turns on its own), bounded. */
  readonly ratios: Float64Array;
  /** Log-odds, from what is known otherwise, that it moves when its surroundings move. */
  readonly prior: number;
  /** The way that a list expects it to go; undefined for a tag on none. */
  readonly expected?: Direction | undefined;
}

/** What being on a list adds to a tag's prior, in nats: it is of a load that goes, or might go, the way that the list says. */
const LISTED = 3;
const priorOf = ({ prior, expected }: Weighed, kind: CourseKind): number =>
  expected === undefined || kind === (expected === 'in' ? 'out' : 'in') ? prior : prior + LISTED;

export interface LoadVerdict {
  /** The likeliest course and moment, as explanations count them. */
  readonly course: number;
  readonly moment: number;
  /** Share of the tags heard that were of it. */
  readonly share: number;
  /** ms from the supposed moment. */
  readonly momentMs: number;
  readonly kind: 'in' | 'out';
  /** P(its members crossed), against their having passed, turned, or each done something of its own. */
  readonly probability: number;
  /** Log-odds of the same. */
  readonly logOdds: number;
  /** One or two tags. */
  readonly isSmall: boolean;
  /** P(the tag was of the load), by tag, given that it crossed. */
  readonly members: readonly number[];
}

/** What tags that are heard near a door and do not cross do instead. */
export const OTHERWISE: Readonly<Record<'standing' | 'pass' | 'turn' | 'beside', number>> = {
  standing: 0.55,
  pass: 0.28,
  turn: 0.17,
  beside: 0.15,
};
/** Share of a tag's likelihood that any course of its kind may have: the load's is none of the bank's exactly. */
const LOOSE = 0.15;
/** Shares of the tags heard that may be of a load. */
const SHARES = [0.04, 0.15, 0.4, 0.75, 0.95] as const;
/** A tag that is judged alone is the load. */
const ALONE = [1 - 1e-9] as const;
/** So few are as rare, or as common, as one alone. */
const SMALL = 2;
/** No tag says more than this for a course: e³⁰ to one. */
const RATIO_MAX = Math.exp(30);
const LEAST = 1e-300;

/** Sums of a course's likelihood over its moments, by kind, over e^`most`. */
function marginals(bank: Bank, likelihoods: Float64Array): Record<CourseKind, number> {
  const sums = { in: 0, out: 0, pass: 0, turn: 0, beside: 0 };
  for (const kind of KINDS) {
    for (const course of bank.byKind[kind]) {
      let sum = 0;
      for (let moment = 0; moment < MOMENTS; moment++) sum += likelihoods[course * MOMENTS + moment]!;
      sums[kind] += (bank.courses[course]!.share * sum) / MOMENTS;
    }
  }
  return sums;
}

/** ln P(reads | a course of the kind, at any of the moments). */
export function marginal(bank: Bank, courses: Float64Array, kind: CourseKind): number {
  const { most, likelihoods } = unlogged(courses);
  return most + Math.log(marginals(bank, likelihoods)[kind] + LEAST);
}

function unlogged(courses: Float64Array, floor = Number.NEGATIVE_INFINITY) {
  let most = floor;
  for (let index = 0; index < courses.length; index++) if (courses[index]! > most) most = courses[index]!;
  const likelihoods = new Float64Array(courses.length);
  for (let index = 0; index < courses.length; index++) likelihoods[index] = Math.exp(courses[index]! - most);
  return { most, likelihoods };
}

/** P(reads | it crossed with nobody), over e^`most`. */
const otherwiseOf = (sums: Record<CourseKind, number>, standing: number): number =>
  OTHERWISE.standing * standing +
  OTHERWISE.pass * sums.pass +
  OTHERWISE.turn * sums.turn +
  OTHERWISE.beside * sums.beside;

/** Where it sounds as if it had come and gone before, that is as likely as now. */
const withEarlier = (
  sums: Record<CourseKind, number>,
  earlier: Explanation['earlier'],
  most: number,
): Record<CourseKind, number> =>
  earlier === undefined
    ? sums
    : {
        ...sums,
        pass: (sums.pass + Math.exp(earlier.pass - most)) / 2,
        turn: (sums.turn + Math.exp(earlier.turn - most)) / 2,
      };

/** P(a tag is heard at all): if it does something of its own, and by course and moment. */
export interface Audibility {
  readonly otherwise: number;
  readonly courses: Float64Array;
}

/** `silence` explains a tag of which nothing was heard. */
export function audibilityOf(bank: Bank, silence: Explanation): Audibility {
  const { most, likelihoods } = unlogged(silence.courses, silence.standing);
  const scale = Math.exp(most);
  const heard = (probability: number): number => Math.max(1e-6, 1 - probability * scale);
  return {
    otherwise: heard(otherwiseOf(marginals(bank, likelihoods), Math.exp(silence.standing - most))),
    courses: likelihoods.map((likelihood) => heard(likelihood)),
  };
}

/** Only tags that were heard are weighed: how likely that was counts. */
export function weighTag(
  bank: Bank,
  { courses, standing, earlier }: Explanation,
  audibility: Audibility,
  prior: number,
  expected?: Direction,
): Weighed {
  const { most, likelihoods } = unlogged(
    courses,
    Math.max(standing, earlier?.pass ?? standing, earlier?.turn ?? standing),
  );
  const sums = marginals(bank, likelihoods);
  const own = otherwiseOf(withEarlier(sums, earlier, most), Math.exp(standing - most));
  const otherwise = (own + LEAST) / audibility.otherwise;
  const ratios = new Float64Array(courses.length);
  for (const kind of KINDS) {
    const loose = LOOSE * sums[kind];
    for (const course of bank.byKind[kind]) {
      const first = course * MOMENTS;
      for (let moment = 0; moment < MOMENTS; moment++) {
        const place = first + moment;
        // A tag's own moment is off the load's: it hangs in front or behind.
        const near =
          0.5 * likelihoods[place]! +
          0.25 * likelihoods[moment === 0 ? place : place - 1]! +
          0.25 * likelihoods[moment === MOMENTS - 1 ? place : place + 1]!;
        const along = ((1 - LOOSE) * near + loose) / audibility.courses[place]!;
        ratios[place] = Math.min(RATIO_MAX, along / otherwise);
      }
    }
  }
  return { ratios, prior, expected };
}

/** Beside a load that crosses: loads that pass, that turn back, and that do so next door. */
const INSTEAD: Readonly<Record<Exclude<CourseKind, 'in' | 'out'>, number>> = { pass: 0.6, turn: 0.3, beside: 1 };
const LOG_MOMENTS = -Math.log(MOMENTS);

/**
 * The load that most likely crossed, and who was of it. `group` and `alone` are how likely that is before any evidence, of a
 * load and of one or two tags. Undefined when there is no tag.
 */
export function judgeLoad(bank: Bank, tags: readonly Weighed[], group: number, alone: number): LoadVerdict | undefined {
  if (tags.length === 0) return undefined;
  const isOne = tags.length === 1;
  const shares = isOne ? ALONE : SHARES;
  const found = { in: likeliest(bank, tags, 'in', shares), out: likeliest(bank, tags, 'out', shares) };
  const kind = found.in.pooled >= found.out.pooled ? 'in' : 'out';
  const { place, share, all } = found[kind];
  const members = isOne ? [1] : tags.map((tag) => memberOf(tag, place, share, kind));
  const load = isOne ? tags : tags.filter((_, position) => members[position]! >= 0.5);
  // Who turned back together is weighed together: some of them alone might look as if they had crossed.
  const instead = (of: CourseKind): number => {
    if (bank.byKind[of].length === 0) return Number.NEGATIVE_INFINITY;
    const other = isOne ? undefined : likeliest(bank, tags, of, [share]);
    const others = other === undefined ? tags : tags.filter((tag) => memberOf(tag, other.place, share, of) >= 0.5);
    const common = others.filter((tag) => load.includes(tag)).length;
    const those = 2 * common >= load.length ? [...new Set([...load, ...others])] : load;
    return together(bank, of, those) - together(bank, kind, those);
  };
  const isSmall = load.length <= SMALL;
  const rest = [
    // Against nobody: whoever is not of the load says so, and courses that fit nobody count as well.
    -logit(isSmall ? alone : group) - (logSumOf(all) + LOG_MOMENTS - Math.log(shares.length)),
    instead(kind === 'in' ? 'out' : 'in'),
    Math.log(INSTEAD.pass) + instead('pass'),
    Math.log(INSTEAD.turn) + instead('turn'),
    Math.log(INSTEAD.beside) + instead('beside'),
  ];
  const logOdds = load.length === 0 ? Number.NEGATIVE_INFINITY : -logSumOf(rest);
  const course = Math.floor(place / MOMENTS);
  const moment = place % MOMENTS;
  return {
    course,
    moment,
    share,
    momentMs: momentMs(bank.courses[course]!, moment),
    kind,
    probability: logistic(logOdds),
    logOdds,
    isSmall,
    members,
  };
}

/** What something else says of the same, as log-odds: a light beam. */
export const told = (verdict: LoadVerdict, odds: number): LoadVerdict =>
  odds === 0 ? verdict : { ...verdict, logOdds: verdict.logOdds + odds, probability: logistic(verdict.logOdds + odds) };

/** P(a tag was of a load), by the place of the load's course and moment. */
export function memberOf(tag: Weighed, place: number, share: number, kind: CourseKind): number {
  const own = shareOf(share, priorOf(tag, kind));
  const along = own * tag.ratios[place]!;
  return along / (along + 1 - own);
}

interface Likeliest {
  readonly place: number;
  readonly share: number;
  readonly pooled: number;
  /** ln of the evidence of every course, moment and share. */
  readonly all: readonly number[];
}

/** The course of the kind that most likely was a load's: Σ ln(π r + 1 − π), so a tag that did something of its own says nothing against it. */
function likeliest(bank: Bank, tags: readonly Weighed[], kind: CourseKind, shares: readonly number[]): Likeliest {
  const all: number[] = [];
  let best = { place: 0, share: shares[0]!, pooled: Number.NEGATIVE_INFINITY };
  for (const share of shares) {
    const own = tags.map((tag) => shareOf(share, priorOf(tag, kind)));
    for (const course of bank.byKind[kind]) {
      for (let moment = 0; moment < MOMENTS; moment++) {
        const place = course * MOMENTS + moment;
        const pooled =
          bank.courses[course]!.logShare +
          logProduct(tags, (tag, index) => own[index]! * tag.ratios[place]! + 1 - own[index]!);
        all.push(pooled);
        if (pooled > best.pooled) best = { place, share, pooled };
      }
    }
  }
  return { ...best, all };
}

/** Of tags taken together one in ten may have done something of its own. */
const OWN = 0.1;

/** ln P(reads of all | they took a course of the kind together), against each having done something of its own. */
function together(bank: Bank, kind: CourseKind, tags: readonly Weighed[]): number {
  const logs: number[] = [];
  for (const course of bank.byKind[kind]) {
    for (let moment = 0; moment < MOMENTS; moment++) {
      const place = course * MOMENTS + moment;
      const product = logProduct(tags, ({ ratios }) => (1 - OWN) * ratios[place]! + OWN);
      logs.push(product + bank.courses[course]!.logShare + LOG_MOMENTS);
    }
  }
  return logSumOf(logs);
}

/** Sum of the logarithms, of few logarithms. */
function logProduct(tags: readonly Weighed[], of: (tag: Weighed, index: number) => number): number {
  let sum = 0;
  let product = 1;
  for (let index = 0; index < tags.length; index++) {
    product *= of(tags[index]!, index);
    if (product > 1e200 || product < 1e-200) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/** The share, for a tag that is more or less likely to be of a load than others. */
const shareOf = (share: number, prior: number): number =>
  prior === 0 || share > 0.99 ? share : logistic(logit(share) + prior);
