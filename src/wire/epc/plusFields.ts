// The building blocks that TDS 2 added (14.5): digits of four bits, texts that say how they are written and how long
// they are. Each method exists once for all the `+` and `++` schemes.
import { hasRightCheckDigit } from './checkDigit.ts';
import { takeDecimal, takeNumber } from './bits.ts';
import type { Field, RawReason, Reading } from './fields.ts';

const BASE64_URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** URN Code 40 counts from 1; 0 fills up the last group of three. */
const CODE_40 = ' ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789';
const DATE_AIS = ['11', '13', '15', '16', '17', '7006', '7007'] as const;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const DELIMITER = 0xe;
const TERMINATOR = 0xf;

/** 14.5.1: one bit that says whether more data follows behind the EPC. We do not read that data. */
export const dataToggle: Field = (reading) => {
  reading.dataFollows = takeNumber(reading, 1) === 1;
  return undefined;
};

/** 14.5.4: so many digits of four bits each. */
export const digits =
  (count: number): Field =>
  (reading) => {
    let text = '';
    for (let index = 0; index < count; index++) text += String(takeNumber(reading, 4));
    if (text.length !== count) return 'out-of-range';
    reading.parts.push(text);
    return undefined;
  };

/** As `digits`, the last of them being the check digit. */
export const checkedDigits = (count: number): Field => {
  const plain = digits(count);
  return (reading) => plain(reading) ?? (hasRightCheckDigit(reading.parts.at(-1)!) ? undefined : 'bad-check-digit');
};

/** 14.5.13: length, then the number; leading zeros are kept. */
export const countedDigits =
  (lengthBits: number, charsMax: number): Field =>
  (reading) => {
    const text = takeCounted(reading, lengthBits, charsMax, takeDigits);
    if (text === undefined) return 'out-of-range';
    reading.parts.push(text);
    return undefined;
  };

/** 14.5.6: three bits that say how the text is written, its length, then the text, which must match `allowed`. */
export const countedText =
  (charsMax: number, allowed: RegExp): Field =>
  (reading) =>
    pushIfAllowed(reading, takeText(reading, charsMax), allowed);

/** 14.5.5: digits of four bits; when others follow, a delimiter and the rest as counted text. */
export const digitsThenText =
  (charsMax: number, allowed: RegExp): Field =>
  (reading) => {
    let text = '';
    while (text.length <= charsMax) {
      const nibble = takeNumber(reading, 4);
      if (nibble === TERMINATOR) return pushIfAllowed(reading, text, allowed);
      if (nibble === DELIMITER) {
        const rest = takeText(reading, charsMax - text.length);
        return pushIfAllowed(reading, rest === undefined ? undefined : text + rest, allowed);
      }
      if (nibble > 9) return 'out-of-range';
      text += String(nibble);
    }
    return 'out-of-range';
  };

/** 14.5.3: which date it is and the date, as two parts: application identifier and yymmdd. */
export const prioritisedDate: Field = (reading) => {
  const ai = DATE_AIS[takeNumber(reading, 4)];
  const [year, month, day] = [takeNumber(reading, 7), takeNumber(reading, 4), takeNumber(reading, 5)];
  if (ai === undefined || year > 99 || day > (DAYS_IN_MONTH[month - 1] ?? -1)) return 'out-of-range';
  reading.parts.push(ai, [year, month, day].map((number) => String(number).padStart(2, '0')).join(''));
  return undefined;
};

/** 14.5.16: the host of a web address, in front of the same identity. It says where to ask, not what this is: skipped. */
export const hostname: Field = (reading) => {
  const inSevenBits = takeNumber(reading, 1) === 1;
  const length = takeNumber(reading, 6);
  reading.at += inSevenBits ? 7 * length : 16 * Math.ceil(length / 3);
  return length === 0 ? 'out-of-range' : undefined;
};

type Take = (reading: Reading, length: number) => string | undefined;

const TEXT_ENCODINGS: readonly (Take | undefined)[] = [
  takeDigits,
  (reading, length) => takeCharacters(reading, length, 4, (code) => code.toString(16).toUpperCase()),
  (reading, length) => takeCharacters(reading, length, 4, (code) => code.toString(16)),
  (reading, length) => takeCharacters(reading, length, 6, (code) => BASE64_URL.charAt(code)),
  (reading, length) => takeCharacters(reading, length, 7, (code) => String.fromCharCode(code)),
  takeCode40,
];

function takeText(reading: Reading, charsMax: number): string | undefined {
  const take = TEXT_ENCODINGS[takeNumber(reading, 3)];
  return take && takeCounted(reading, 5, charsMax, take);
}

function takeCounted(reading: Reading, lengthBits: number, charsMax: number, take: Take): string | undefined {
  const length = takeNumber(reading, lengthBits);
  return length === 0 || length > charsMax ? undefined : take(reading, length);
}

function takeDigits(reading: Reading, length: number): string | undefined {
  const numeral = takeDecimal(reading, Math.ceil(length * Math.log2(10)));
  return numeral.length > length ? undefined : numeral.padStart(length, '0');
}

function takeCharacters(reading: Reading, length: number, bits: number, character: (code: number) => string): string {
  let text = '';
  for (let index = 0; index < length; index++) text += character(takeNumber(reading, bits));
  return text;
}

/** Three characters in 16 bits, as a number to the base 40, plus one. */
function takeCode40(reading: Reading, length: number): string | undefined {
  let text = '';
  for (let group = 0; group < Math.ceil(length / 3); group++) {
    const value = takeNumber(reading, 16) - 1;
    if (value < 0 || value >= 40 ** 3) return undefined;
    text += CODE_40.charAt(Math.trunc(value / 1600)) + CODE_40.charAt(Math.trunc(value / 40) % 40);
    text += CODE_40.charAt(value % 40);
  }
  return text.trimEnd().length === length ? text.trimEnd() : undefined;
}

function pushIfAllowed(reading: Reading, text: string | undefined, allowed: RegExp): RawReason | undefined {
  if (text === undefined) return 'out-of-range';
  if (!allowed.test(text)) return 'bad-text';
  reading.parts.push(text);
  return undefined;
}
