// Numbers and codes as the page writes them. Pure.
import type { Outcome } from '../api/types.ts';

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 });
const SHORT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, notation: 'compact' });

/** 12,345; a true minus sign, as wide as the digits. */
export const numberText = (value: number): string => NUMBER.format(value).replace('-', '−');
/** 12.3K, for axes and figures where the size matters. */
export const shortText = (value: number): string => SHORT.format(value).replace('-', '−');
export const percentText = (share: number): string => `${Math.round(share * 100)} %`;

/**
 * How sure reads make us: never 100 %, the API rounds to four digits and no read is certain; never 0 % for what is possible.
 * A non-breaking space, so that no line ends before the sign.
 */
export function sureText(probability: number): string {
  if (probability > 0.995) return '>\u00a099\u00a0%';
  if (probability < 0.005) return '<\u00a01\u00a0%';
  return `${Math.round(probability * 100)}\u00a0%`;
}

/** "61–97 %"; "≥ 94 %" where the surest of them are as sure as can be. */
export function sureRange(least: number, most: number): string {
  const [from, to] = [sureText(least), sureText(most)];
  if (from === to) return from;
  return to.startsWith('>') ? `≥\u00a0${from}` : `${from.slice(0, -2)}–${to}`;
}

/** What a person said or scanned is told as it was told: certain. */
export const certaintyText = (confidence: number, source: string): string =>
  confidence >= 1 && source !== 'read' ? '100\u00a0%' : sureText(confidence);

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${numberText(bytes)} B`;
  const units = ['KiB', 'MiB', 'GiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** The head says what scheme it is, the tail which one of many. */
export const shortEpc = (epc: string): string => (epc.length <= 14 ? epc : `${epc.slice(0, 4)}…${epc.slice(-8)}`);
export const shortId = (id: string): string => id.slice(0, 8);

export const OUTCOME_TEXT: Readonly<Record<Outcome, string>> = {
  in: 'in',
  out: 'out',
  turned_back: 'turned back',
  stayed: 'stayed',
  stray: 'stray',
  undecided: 'undecided',
};

/** What the ledger calls everything outside of the site. */
export const WORLD = 'world';

/** "1 tag", "28 tags" */
export const countText = (count: number, one: string): string =>
  `${numberText(count)} ${count === 1 ? one : one.endsWith('y') ? `${one.slice(0, -1)}ies` : `${one}s`}`;
export const countOrMore = (count: number | undefined, hasMore: boolean): string =>
  count === undefined ? '–' : `${numberText(count)}${hasMore ? '+' : ''}`;

/** A word of the API as people write it: missed-exit → missed exit. */
export const wordsOf = (code: string): string => code.replaceAll(/[-_]/g, ' ');
