// Stock without tags that may not be where the books have it. No antenna hears it, so what speaks is what people met: pickers who found
// less, stock that was taken elsewhere than the books had it, days without a sale, and how counts came out. Bayes' rule over one record,
// a SKU in a bin. Pure; a count begins it anew.

const DAY_MS = 86_400_000;

/** What is known of a SKU in a bin, as of a time. Times in ms. */
export interface Evidence {
  readonly sku: string;
  readonly location: string;
  /** Units without tags that the books have there. */
  readonly quantity: number;
  /** When it was counted or corrected last, else when the first of it came; undefined when that is longer ago than is looked back. */
  readonly since: number | undefined;
  /** Whether `since` is a count or a correction. */
  readonly isCounted: boolean;
  /** Records of the SKU that were counted within a year, and those of them that had less than the books. */
  readonly counts: number;
  readonly countedShort: number;
  /** The same of all records of the site. */
  readonly siteCounts: number;
  readonly siteCountedShort: number;
  /** Reports of pickers at the site within a year after which the bin was counted, and those that were right. */
  readonly siteReports: number;
  readonly siteReportsRight: number;
  /** Reports of pickers since then that it is not there, and the last one. */
  readonly shortPicks: number;
  readonly shortAt: number | undefined;
  /** Times since then that more of the SKU was taken than the books had: from this bin, and from others. */
  readonly negativeHere: number;
  readonly negativeElsewhere: number;
  /** How often some was taken from the bin after the last of all this. */
  readonly takenSince: number;
  /**
   * Of a SKU that lies in this bin alone: days since a customer was sent any, and the share of days before on which one was.
   * Undefined when it lies elsewhere too, or was sold on too few days to tell.
   */
  readonly gap: { readonly days: number; readonly sellsOn: number } | undefined;
}

/** A month after it was counted a record is as often wrong as counts of it were. */
const MONTH_DAYS = 30;
/** Never counted, or longer ago than is looked back. */
const LONG_AGO_DAYS = 365;
/** What is believed of any site before it has counted: one record of 50 has less than the books (as `missingBefore` of the rules of counting). */
const BEFORE = { counts: 50, short: 1 } as const;
/** Also what was just counted may have been counted wrong, and what never was is no more likely wrong than right. */
const BEFORE_LEAST = 0.002;
const BEFORE_MOST = 0.5;
/** A SKU's own counts stand beside five of its site. */
const SITE_WEIGHT = 5;
/** Before counts have shown how often pickers are right: one who stands before the bin overlooks goods once in 60 times (assumed). */
const OVERLOOKS_ONCE_IN = 60;
/** As many counted reports as that is believed like, and the bounds of what counts may make of it. */
const REPORTS_BEFORE = 10;
const REPORT_ODDS = { least: 3, most: 300 } as const;
/** Records are about so old when somebody picks of them. */
const PICKED_AFTER_MONTHS = 2;
const SHORT_PICKS_MAX = 2;
/** Some was taken after that: then it is not all gone, at least. */
const TAKEN_ODDS = 0.25;
const TAKEN_MAX = 3;
/** What was taken where the books had none came from some bin where they have too much. */
const NEGATIVE_ELSEWHERE_ODDS = 5;
const NEGATIVE_HERE_ODDS = 3;
const NEGATIVE_MAX = 2;
/** Days without a sale come in runs, for reasons of their own, so they count for less (as with hours of silence), and by themselves never for an alert. */
const GAP_TEMPER = 0.4;
const GAP_ODDS_MAX = 20;
const BY_GAP_ALONE_MAX = 0.8;
const PROBABILITY_MAX = 0.99;

export interface Belief {
  /** 0 to 1, in hundredths: how likely it is that less is there than the books have. */
  readonly probability: number;
  /** Before anything spoke for it but time and counts. */
  readonly before: number;
  /** By how much each of what is known raised (above 1) or lowered the odds. */
  readonly odds: {
    readonly shortPicks: number;
    readonly takenSince: number;
    readonly negativeHere: number;
    readonly negativeElsewhere: number;
    readonly gap: number;
  };
}

/** How likely it is, at `now` (ms), that less of it is in the bin than the books have. */
export function beliefOf(evidence: Evidence, now: number): Belief {
  const before = beforehand(evidence, now);
  const odds = {
    shortPicks: reportOdds(evidence) ** Math.min(evidence.shortPicks, SHORT_PICKS_MAX),
    takenSince: isMet(evidence) ? TAKEN_ODDS ** Math.min(evidence.takenSince, TAKEN_MAX) : 1,
    negativeHere: NEGATIVE_HERE_ODDS ** Math.min(evidence.negativeHere, NEGATIVE_MAX),
    negativeElsewhere: NEGATIVE_ELSEWHERE_ODDS ** Math.min(evidence.negativeElsewhere, NEGATIVE_MAX),
    gap: evidence.gap === undefined ? 1 : gapOdds(evidence.gap),
  };
  const all = Object.values(odds).reduce((product, one) => product * one, before / (1 - before));
  const most = isMet(evidence) ? PROBABILITY_MAX : BY_GAP_ALONE_MAX;
  return { probability: Math.round(100 * Math.min(most, all / (1 + all))) / 100, before, odds };
}

const isMet = ({ shortPicks, negativeHere, negativeElsewhere }: Evidence): boolean =>
  shortPicks + negativeHere + negativeElsewhere > 0;

/** By how much days without a sale raise the odds: 1 when it sells every day or never. */
export const gapOdds = ({ days, sellsOn }: NonNullable<Evidence['gap']>): number =>
  Math.min(GAP_ODDS_MAX, (1 - Math.min(0.95, sellsOn)) ** (-GAP_TEMPER * days));

/** How often a record of the site is wrong a month after it was counted. */
const ofSite = ({ siteCounts, siteCountedShort }: Evidence): number =>
  (siteCountedShort + BEFORE.short) / (siteCounts + BEFORE.counts);

/**
 * By how much a report raises the odds: as often as reports were right, against how often a record is wrong when somebody picks of it.
 * Where nothing was counted after reports it is `OVERLOOKS_ONCE_IN`.
 */
function reportOdds(evidence: Evidence): number {
  const { siteReports, siteReportsRight } = evidence;
  const wrong = 1 - (1 - ofSite(evidence)) ** PICKED_AFTER_MONTHS;
  const base = wrong / (1 - wrong);
  const rightBefore = (OVERLOOKS_ONCE_IN * base) / (1 + OVERLOOKS_ONCE_IN * base);
  const right = (siteReportsRight + REPORTS_BEFORE * rightBefore) / (siteReports + REPORTS_BEFORE);
  return Math.min(REPORT_ODDS.most, Math.max(REPORT_ODDS.least, right / (1 - right) / base));
}

/** How often records like this one are wrong, by how counts came out, and how long ago it was counted. */
function beforehand(evidence: Evidence, now: number): number {
  const { counts, countedShort, since } = evidence;
  const aMonth = (countedShort + SITE_WEIGHT * ofSite(evidence)) / (counts + SITE_WEIGHT);
  const days = since === undefined ? LONG_AGO_DAYS : Math.max(0, (now - since) / DAY_MS);
  return Math.min(
    BEFORE_MOST,
    Math.max(BEFORE_LEAST, 1 - (1 - aMonth) ** (Math.min(days, LONG_AGO_DAYS) / MONTH_DAYS)),
  );
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
const times = (count: number, one: string, many: string): string => (count === 1 ? one : `${count} ${many}`);

/** Why, in some sentences. */
export function whyStockDoubted(evidence: Evidence, now: number): string {
  const { sku, location, quantity, since, isCounted, counts, countedShort, gap } = evidence;
  const last =
    since === undefined
      ? 'It was not counted within a year.'
      : isCounted
        ? `It was counted or corrected last on ${day(since)}.`
        : `It came on ${day(since)} and was never counted.`;
  return [
    `The books have ${quantity} of ${sku} without tags at ${location}.`,
    ...(evidence.shortPicks > 0
      ? [
          `${times(evidence.shortPicks, 'A picker', 'pickers')} found less there${evidence.shortAt === undefined ? '' : `, last on ${day(evidence.shortAt)}`}.`,
        ]
      : []),
    ...(evidence.negativeElsewhere > 0
      ? [`${times(evidence.negativeElsewhere, 'Once', 'times')} it was taken elsewhere, where the books had none.`]
      : []),
    ...(evidence.negativeHere > 0
      ? [`${times(evidence.negativeHere, 'Once', 'times')} more was taken from there than the books had.`]
      : []),
    ...(isMet(evidence) && evidence.takenSince > 0 ? ['Some was taken from there since.'] : []),
    ...(gap !== undefined && gapOdds(gap) > 1.5
      ? [
          `No customer was sent any for ${Math.round(gap.days)} days; before, it went out on ${Math.round(gap.sellsOn * 10)} of 10 days.`,
        ]
      : []),
    last,
    ...(counts > 0
      ? [`Of ${times(counts, 'one count', 'counts')} of it ${countedShort} found less than the books.`]
      : []),
    ...(since === undefined || now - since > MONTH_DAYS * DAY_MS ? ['The longer ago that is, the less is sure.'] : []),
  ].join(' ');
}

/** What is wrong, in a sentence. */
export const stockDoubtMessage = ({ sku, location, quantity }: Evidence, probability: number): string =>
  `Of the ${quantity} ${sku} that the books have at ${location} some or all are probably not there (${Math.floor(probability * 20) * 5} % or more).`;

/** What to do. */
export const stockDoubtAdvice = ({ location, sku }: Evidence): string =>
  `Count ${sku} at ${location}: plan a count of the bin. Nothing leaves the books before.`;
