// Element strings of any identifiers GS1 has, written in each of the three forms, must come back as they were.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicationIdentifier, applicationIdentifierAt } from '../../../../src/wire/barcode/applicationIdentifiers.ts';
import { APPLICATION_IDENTIFIER_ROWS } from '../../../../src/wire/barcode/applicationIdentifierTable.ts';
import { makeApplicationIdentifierTable } from '../../../../src/wire/barcode/makeApplicationIdentifiers.ts';
import { parseScan } from '../../../../src/wire/barcode/parseScan.ts';
import { withCheckDigit } from '../../../../src/wire/epc/checkDigit.ts';

const GS = '\u001D';
const AT = Date.UTC(2026, 10, 23);
const SRC = join(import.meta.dirname, '../../../../src/wire/barcode');
const DICTIONARY = readFileSync(join(import.meta.dirname, '../../../data/gs1/gs1-syntax-dictionary.txt'), 'utf8');

describe('the table of application identifiers', () => {
  it('is what the generator makes of the dictionary', () => {
    const table = readFileSync(join(SRC, 'applicationIdentifierTable.ts'), 'utf8');
    expect(table === makeApplicationIdentifierTable(DICTIONARY), 'run makeApplicationIdentifiers.ts').toBe(true);
  });

  it('has every line of the dictionary', () => {
    const lines = DICTIONARY.split('\n').filter((line) => /^\d/.test(line));
    expect(APPLICATION_IDENTIFIER_ROWS).toHaveLength(lines.length);
    expect(lines.map((line) => /^[-\d]+/.exec(line)?.[0])).toEqual(
      APPLICATION_IDENTIFIER_ROWS.map(({ ai, to }) => (to === undefined ? ai : `${ai}-${to}`)),
    );
  });

  it('has no identifier that is the beginning of another, so that none is taken for a shorter one', () => {
    const ais = Array.from({ length: 9990 }, (_, index) => String(index))
      .flatMap((number) => [number, number.padStart(2, '0'), number.padStart(3, '0'), number.padStart(4, '0')])
      .filter((ai) => applicationIdentifier(ai) !== undefined);
    expect(new Set(ais).size).toBeGreaterThan(500);
    expect(ais.filter((ai) => applicationIdentifierAt(`${ai}99`, 0)?.ai !== ai)).toEqual([]);
  });

  it('stops the generator when the dictionary has something new', () => {
    const defect = expect.objectContaining({ kind: 'defect', code: 'bad-dictionary' });
    expect(() => makeApplicationIdentifierTable('99999 X..20')).toThrow(defect);
    expect(() => makeApplicationIdentifierTable('9  ?  X..20')).toThrow(defect);
    expect(() => makeApplicationIdentifierTable('99  ?  Q..20   # NEW')).toThrow(defect);
  });
});

type Element = readonly [ai: string, value: string];

const CSET_82 = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/;
const digits = (count: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{${count}}$`));
const text = fc.stringMatching(CSET_82);
const date = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(2, 10).replaceAll('-', ''));

/** One of each kind there is: keys, text, dates, numbers of fixed and variable length, with an optional part. */
const element: fc.Arbitrary<Element> = fc.oneof(
  fc.tuple(fc.constant('01'), digits(13).map(withCheckDigit)),
  fc.tuple(fc.constant('00'), digits(17).map(withCheckDigit)),
  fc.tuple(fc.constantFrom('10', '21', '22', '420', '8002'), text),
  fc.tuple(fc.constantFrom('11', '13', '15', '17'), date),
  fc.tuple(fc.constantFrom('30', '37'), fc.stringMatching(/^\d{1,8}$/)),
  fc.tuple(fc.constantFrom('3103', '3922', '90'), digits(6)),
  fc.tuple(
    fc.constant('253'),
    fc.tuple(digits(12).map(withCheckDigit), fc.stringMatching(/^[0-9A-Za-z]{0,17}$/)).map((parts) => parts.join('')),
  ),
);
const elements = fc.uniqueArray(element, { minLength: 1, maxLength: 8, selector: ([ai]) => ai });

const elementString = (list: readonly Element[]): string =>
  list.map(([ai, value]) => ai + value + (applicationIdentifier(ai)?.fixed ? '' : GS)).join('');

describe('elements written down', () => {
  it('as a barcode come back', () => {
    fc.assert(
      fc.property(elements, (list) => {
        expect(parseScan(`]d2${elementString(list)}`, AT)).toMatchObject({ kind: 'gs1', elements: new Map(list) });
      }),
    );
  });

  it('in parentheses come back, unless a value looks like an identifier in parentheses itself', () => {
    const plain = elements.filter((list) => list.every(([, value]) => !/\(\d{2,4}\)/.test(value)));
    fc.assert(
      fc.property(plain, (list) => {
        const printed = list.map(([ai, value]) => `(${ai})${value}`).join(' ');
        expect(parseScan(printed, AT)).toMatchObject({ kind: 'gs1', elements: new Map(list) });
      }),
    );
  });

  it('as a Digital Link come back', () => {
    const attributes = elements.map((list) => list.filter(([ai]) => applicationIdentifier(ai)?.attribute));
    fc.assert(
      fc.property(digits(13).map(withCheckDigit), text, text, attributes, (gtin, lot, serial, list) => {
        const others = list.filter(([ai]) => ai !== '01' && ai !== '10');
        const query = others.map(([ai, value]) => `${ai}=${encodeURIComponent(value)}`).join('&');
        const path = `/01/${gtin}/10/${encodeURIComponent(lot)}/21/${encodeURIComponent(serial)}`;
        expect(parseScan(`https://example.com/p${path}?${query}`, AT)).toMatchObject({
          kind: 'gs1',
          elements: new Map<string, string>([['01', gtin], ['10', lot], ['21', serial], ...others]),
        });
      }),
    );
  });

  it('cut short are never taken for the whole', () => {
    const key = digits(17).map((body) => `]C100${withCheckDigit(body)}`);
    fc.assert(
      fc.property(key, fc.integer({ min: 3, max: 22 }), (data, length) => {
        expect(parseScan(data.slice(0, length), AT).kind).toBe('bad');
      }),
    );
  });
});
