// Which site gets an order that names none, and why: where all of it is, then where it is soonest, then where it is cheapest. Pure.
import type { SitePlan } from '../config/plan.ts';
import { inBooks } from '../infer/balances.ts';

export interface Delivery {
  /** Days from an order to its customer. */
  readonly leadDays: number;
  /** Of an order, and of each unit of it, in what all sites count in. */
  readonly cost: number;
  readonly costPerUnit: number;
}

/** What a site could promise, line by line in the order of the order. */
export interface Offer extends Delivery {
  readonly site: string;
  readonly promisable: readonly number[];
}

/** So much of each line is for a site. */
export interface Share {
  readonly site: string;
  readonly quantities: readonly number[];
}

/** May it be given an order that names no site? */
export const offersStock = ({ kind, source: { file } }: SitePlan): boolean =>
  file.sourcing?.offers ?? (file.sourcing !== undefined || kind === 'warehouse' || kind === 'store');

export function deliveryFrom({ source: { file } }: SitePlan, region: string | undefined): Delivery {
  const { sourcing } = file;
  const there = sourcing?.regions?.find((one) => one.region === region);
  return {
    leadDays: there?.leadDays ?? sourcing?.leadDays ?? 1,
    cost: there?.cost ?? sourcing?.cost ?? 0,
    costPerUnit: there?.costPerUnit ?? sourcing?.costPerUnit ?? 0,
  };
}

export const sumOf = (quantities: readonly number[]): number =>
  inBooks(quantities.reduce((sum, quantity) => sum + quantity, 0));

/** What it costs to send so many units from there. */
const costOf = ({ cost, costPerUnit }: Delivery, units: number): number => cost + costPerUnit * units;

const compare = (a: Offer, b: Offer, units: number): number =>
  a.leadDays - b.leadDays || costOf(a, units) - costOf(b, units) || (a.site < b.site ? -1 : 1);

/** Sites that have all of it, the one to be given it in front. */
export function wholeOffers(offers: readonly Offer[], asked: readonly number[]): Offer[] {
  return offers
    .filter(({ promisable }) => asked.every((quantity, index) => promisable[index]! >= quantity))
    .sort((a, b) => compare(a, b, sumOf(asked)));
}

/** The site at which an order waits that no site has whole: where most of it is. */
export const placeToWait = (offers: readonly Offer[], asked: readonly number[]): Offer | undefined =>
  [...offers].sort((a, b) => coveredBy(b, asked) - coveredBy(a, asked) || compare(a, b, sumOf(asked)))[0];

const sharesOf = ({ promisable }: Offer, left: readonly number[]): number[] =>
  left.map((quantity, index) => Math.min(quantity, promisable[index]!));
const coveredBy = (offer: Offer, left: readonly number[]): number => sumOf(sharesOf(offer, left));

/** An order divided: each time to the site that has most of what is left, so to few; and what no site has. */
export function divided(
  offers: readonly Offer[],
  asked: readonly number[],
): { readonly shares: readonly Share[]; readonly left: readonly number[] } {
  let left = [...asked];
  const shares: Share[] = [];
  const others = new Set(offers);
  while (sumOf(left) > 0) {
    const best = placeToWait([...others], left);
    const quantities = best === undefined ? [] : sharesOf(best, left);
    if (best === undefined || sumOf(quantities) === 0) break;
    others.delete(best);
    shares.push({ site: best.site, quantities });
    left = left.map((quantity, index) => inBooks(quantity - quantities[index]!));
  }
  return { shares, left };
}

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);

/** Why the first of those that have all of it comes before the second. */
export function whyWhole([first, second]: readonly (Offer | undefined)[], units: number): string {
  const from = first!;
  if (second === undefined) return `Only ${from.site} has all of it.`;
  const others = `${from.site} and ${second.site} have all of it`;
  if (from.leadDays !== second.leadDays)
    return `${others}; from ${from.site} it takes ${days(from.leadDays)}, from ${second.site} ${days(second.leadDays)}.`;
  const [cost, other] = [costOf(from, units), costOf(second, units)];
  return cost === other
    ? `${others}, as soon and at the same cost: taken by name.`
    : `${others}, as soon; from ${from.site} it costs ${cost}, from ${second.site} ${other}.`;
}
