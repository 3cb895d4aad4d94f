// What the parts of an application identifier's value must satisfy, by the names that the GS1 syntax dictionary gives
// its tests. Not checked: country, currency and package codes, whose lists age faster than labels do; coupons; IBANs.
import { hasRightCheckDigit } from '../epc/checkDigit.ts';

/** Says what is wrong with a part of a value, as the end of a sentence, or nothing. */
type Rule = (part: string) => string | undefined;

const GCP_DIGITS_MIN = 4;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The characters of CSET 82 by their weight in the check pair of a GMN. */
const CSET_82_BY_WEIGHT = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const CHECK_PAIR_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CHECK_PAIR_PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];
const CHECK_PAIR_MODULUS = 1021;

export const RULES = {
  csum: when(hasRightCheckDigit, 'has a wrong check digit'),
  csumalpha: when(hasRightCheckPair, 'has a wrong pair of check characters'),
  gcppos1: (part) => companyPrefix(part, 0),
  gcppos2: (part) => companyPrefix(part, 1),
  yymmdd: (part) => date(part.slice(0, 2), part.slice(2, 4), part.slice(4), 1),
  yymmd0: (part) => date(part.slice(0, 2), part.slice(2, 4), part.slice(4), 0),
  yyyymmdd: (part) => date(part.slice(0, 4), part.slice(4, 6), part.slice(6), 1),
  hhmi: matches(/^([01]\d|2[0-3])[0-5]\d$/, 'is not a time of day'),
  hh: matches(/^([01]\d|2[0-3])$/, 'is not an hour'),
  mi: matches(/^[0-5]\d$/, 'is not a minute'),
  ss: matches(/^[0-5]\d$/, 'is not a second'),
  zero: matches(/^0$/, 'must be 0'),
  nonzero: matches(/[1-9]/, 'must not be zero'),
  nozeroprefix: matches(/^(0$|[1-9])/, 'must not begin with 0'),
  hasnondigit: matches(/\D/, 'must not be digits only'),
  pieceoftotal: (part) => pieceOfTotal(Number(part.slice(0, 2)), Number(part.slice(2))),
  hyphen: matches(/^-$/, 'must be a minus sign'),
  yesno: matches(/^[01]$/, 'must be 0 or 1'),
  iso5218: matches(/^[0129]$/, 'is not a code of ISO/IEC 5218'),
  winding: matches(/^[019]$/, 'is not a winding direction'),
  mediatype: matches(/^(0[1-9]|10|[89]\d)$/, 'is not a media type'),
  importeridx: matches(/^[-\w]$/, 'is not an importer index'),
  posinseqslash: matches(/^[1-9]\/[1-9]$/, 'is not a position in a sequence'),
  latitude: (part) => atMost(part, 180e7),
  longitude: (part) => atMost(part, 360e7),
  pcenc: matches(/^([^%]|%[0-9A-Fa-f]{2})*$/, 'is not percent-encoded'),
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

function when(isRight: (part: string) => boolean, otherwise: string): Rule {
  return (part) => (isRight(part) ? undefined : otherwise);
}

function matches(pattern: RegExp, otherwise: string): Rule {
  return when((part) => pattern.test(part), otherwise);
}

/** A GS1 key holds a company prefix; how long it is cannot be seen, only that it is digits. */
function companyPrefix(part: string, start: number): string | undefined {
  const prefix = part.slice(start, start + GCP_DIGITS_MIN);
  return /^\d{4}$/.test(prefix) ? undefined : 'does not hold a GS1 company prefix';
}

/** Day 00, where `dayMin` allows it, is the end of the month. */
function date(year: string, month: string, day: string, dayMin: 0 | 1): string | undefined {
  const days = DAYS_IN_MONTH[Number(month) - 1];
  const last = month === '02' && Number(year) % 4 !== 0 ? 28 : days;
  return last === undefined || Number(day) > last || Number(day) < dayMin ? 'is not a date' : undefined;
}

function pieceOfTotal(piece: number, total: number): string | undefined {
  return piece === 0 || piece > total ? 'is not a piece of a total' : undefined;
}

function atMost(part: string, max: number): string | undefined {
  return Number(part) > max ? 'is not on this earth' : undefined;
}

/** General Specifications 7.9.5: a weighted sum modulo 1021, written as two characters of five bits each. */
function hasRightCheckPair(part: string): boolean {
  const body = part.slice(0, -2);
  if (body.length === 0 || body.length > CHECK_PAIR_PRIMES.length) return false;
  let sum = 0;
  for (let index = 0; index < body.length; index++) {
    sum += CSET_82_BY_WEIGHT.indexOf(body.charAt(index)) * CHECK_PAIR_PRIMES[body.length - 1 - index]!;
  }
  const check = sum % CHECK_PAIR_MODULUS;
  return part.slice(-2) === CHECK_PAIR_ALPHABET.charAt(check >> 5) + CHECK_PAIR_ALPHABET.charAt(check & 31);
}
