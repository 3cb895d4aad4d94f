import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScan, SCAN_CHARS_MAX } from '../../../../src/wire/barcode/parseScan.ts';

const GS = '\u001D';
const AT = Date.UTC(2026, 10, 23);
const CASE = '(01)09521234543213 lot ABC, use by the end of June 2027';

const scan = (data: string): ReturnType<typeof parseScan> => parseScan(data, AT);

describe('a case label', () => {
  const expected = {
    kind: 'gs1',
    gtin14: '09521234543213',
    lot: 'ABC',
    expiry: '2027-06-30',
    elements: new Map([
      ['01', '09521234543213'],
      ['17', '270600'],
      ['10', 'ABC'],
    ]),
  };

  it.each([
    ['GS1-128', ']C101095212345432131727060010ABC'],
    ['GS1 DataBar', ']e001095212345432131727060010ABC'],
    ['GS1 DataMatrix', ']d201095212345432131727060010ABC'],
    ['GS1 QR Code', ']Q301095212345432131727060010ABC'],
    ['GS1 DotCode', ']J101095212345432131727060010ABC'],
    ['a scanner that sends FNC1 first', `${GS}01095212345432131727060010ABC`],
    ['a scanner that separates everything', `]C1${GS}0109521234543213${GS}17270600${GS}10ABC${GS}`],
    ['a person who types what is printed', '(01)09521234543213(17)270600(10)ABC'],
    ['a scanner that sends what is printed', ']C1(01) 09521234543213 (17) 270600 (10) ABC'],
    ['a line end behind it', ']C101095212345432131727060010ABC\r\n'],
  ])(`by %s is ${CASE}`, (_by, data) => {
    expect(scan(data)).toMatchObject({ ...expected, announced: true });
  });

  it('from a scanner without AIM ids is the same, as long as everything in it is right', () => {
    expect(scan('01095212345432131727060010ABC')).toMatchObject({ ...expected, announced: false });
    expect(scan('01095212345432131727130010ABC')).toEqual({ kind: 'text', text: '01095212345432131727130010ABC' });
    expect(scan('01095212345432141727060010ABC').kind).toBe('text');
  });

  it('may hold its lot in front when a separator ends it', () => {
    const both = `010952123454321310ABC${GS}17270600`;
    expect(scan(`]C1${both}`)).toMatchObject({ lot: 'ABC', expiry: '2027-06-30' });
    expect(scan(both)).toMatchObject({ lot: 'ABC', expiry: '2027-06-30', announced: true });
    expect(scan('(01)09521234543213(10)A(B)C(17)270600')).toMatchObject({ lot: 'A(B)C', expiry: '2027-06-30' });
  });
});

describe('a pallet label', () => {
  it('names the pallet, what is on it and how many', () => {
    expect(scan(']C10010614141234567890802095212345432133748')).toMatchObject({
      sscc18: '106141412345678908',
      contentGtin14: '09521234543213',
      gtin14: undefined,
      quantity: 48,
    });
  });

  it('is recognised by a scanner that sends digits only', () => {
    expect(scan('00106141412345678908')).toMatchObject({ sscc18: '106141412345678908', announced: false });
    expect(scan('00106141412345678907')).toEqual({ kind: 'text', text: '00106141412345678907' });
  });
});

describe('other labels', () => {
  it('a tote names its GRAI, a serialised item its serial, a date with time its day', () => {
    expect(scan(']C18003006141411234525678')).toMatchObject({ grai: '006141411234525678' });
    expect(scan(`]d2010952123454321321A/1${GS}30012${GS}15280229`)).toMatchObject({
      serial: 'A/1',
      quantity: 12,
      bestBefore: '2028-02-29',
    });
    expect(scan(']d2010952123454321370032706301200')).toMatchObject({ expiry: '2027-06-30' });
  });
});

describe('an article in a shop', () => {
  it.each([
    ['EAN-13', ']E09521234543213', '09521234543213'],
    ['UPC-A with its leading zero', ']E00614141000036', '00614141000036'],
    ['UPC-A without', ']E0614141000036', '00614141000036'],
    ['UPC-E', ']E001234565', '00012345000065'],
    ['EAN-8', ']E496385074', '00000096385074'],
    ['a magazine with an add-on', ']E3952123454321305', '09521234543213'],
  ])('%s', (_symbol, data, gtin14) => {
    expect(scan(data)).toEqual({ kind: 'gtin', announced: true, gtin14 });
  });

  it.each([
    ['EAN-13', '9521234543213', '09521234543213'],
    ['UPC-A', '614141000036', '00614141000036'],
    ['EAN-8', '96385074', '00000096385074'],
    ['ITF-14', ']I180614141123458', '80614141123458'],
    ['ITF-14 without AIM id', '80614141123458', '80614141123458'],
  ])('%s is likely, but the number may be the site’s own', (_symbol, data, gtin14) => {
    expect(scan(data)).toEqual({ kind: 'gtin', announced: false, gtin14 });
  });

  it('half an ITF-14 is not a shorter GTIN', () => {
    expect(scan(']I1614141000036')).toEqual({ kind: 'text', text: '614141000036' });
  });
});

describe('a web address', () => {
  it('with a GS1 key says what a label says', () => {
    const expected = { kind: 'gs1', announced: true, gtin14: '09521234543213', lot: 'A/B', expiry: '2027-06-30' };
    expect(scan('https://id.gs1.org/01/09521234543213/10/A%2FB?17=270600')).toMatchObject(expected);
    expect(scan(']Q1https://example.com/some/stem/01/9521234543213/10/A%2FB?17=270600&lang=fr#x')).toMatchObject(
      expected,
    );
  });

  it('without one is a text', () => {
    expect(scan(']Q1https://example.com/2027/01/15')).toEqual({ kind: 'text', text: 'https://example.com/2027/01/15' });
  });
});

describe('a label of the site or of anybody', () => {
  it.each([
    ['a bin', 'A-01-01', 'A-01-01'],
    ['a bin in Code 128', ']C0A-01-01', 'A-01-01'],
    ['a badge in Code 39', ']A0OP-7\r', 'OP-7'],
    ['a number with a check digit that is not GS1’s', '9521234543214', '9521234543214'],
    ['a number of seven digits', '1234567', '1234567'],
    ['parentheses around no identifier', '(99X) 12', '(99X) 12'],
    ['a number in parentheses that is no identifier', '(05)12', '(05)12'],
    ['ANSI MH10 in a DataMatrix', `]d1[)>\u001E06${GS}P123${GS}Q5`, `[)>\u001E06${GS}P123${GS}Q5`],
    ['a text with separators', `HELLO${GS}WORLD`, `HELLO${GS}WORLD`],
    ['nothing', '', ''],
  ])('%s is text', (_label, data, text) => {
    expect(scan(data)).toEqual({ kind: 'text', text });
  });
});

describe('a label that announces GS1 and does not keep to it', () => {
  it.each([
    ['a GTIN read wrong', ']C10109521234543214', 'bad-value', '01', 5, 'has a wrong check digit'],
    ['an SSCC that ends early', ']C10010614141', 'bad-value', '00', 13, 'ends after 8 of 18 characters'],
    ['a month that does not exist', `]d2010952123454321317271300`, 'bad-value', '17', 21, 'is not a date'],
    ['the 29th of February in a common year', `]d2010952123454321317270229`, 'bad-value', '17', 21, 'is not a date'],
    ['a lot that is too long', `]C110${'A'.repeat(21)}`, 'bad-value', '10', 25, 'is longer than 20 characters'],
    ['a letter among digits', ']C1010952123454321X', 'bad-value', '01', 18, 'is not allowed: "X"'],
    ['a control character in a lot', ']d210A\u0007B', 'bad-value', '10', 6, String.raw`is not allowed: "\u0007"`],
    ['an identifier that does not exist', ']C10109521234543213050', 'unknown-ai', undefined, 19, '"050"'],
    ['two GTINs', ']C101095212345432130180614141123458', 'conflicting-values', '01', 21, 'another value'],
    ['an identifier in parentheses', '(01)09521234543214', 'bad-value', '01', 4, 'has a wrong check digit'],
    ['a printed form that begins otherwise', ']C1(A)(01)09521234543213', 'unknown-ai', undefined, 3, '"(A)(01"'],
    ['an unknown identifier printed first', ']C1(05)1', 'unknown-ai', undefined, 4, '"05"'],
    ['a separator and nothing', `]C1${GS}`, 'empty', undefined, 3, 'no elements'],
    ['an AIM id and nothing', ']C1', 'empty', undefined, 3, 'nothing behind'],
    ['an EAN-13 read wrong', ']E09521234543214', 'bad-gtin', undefined, 3, '9521234543214'],
    ['an EAN-8 of nine digits', ']E4963850740', 'bad-gtin', undefined, 3, '963850740'],
    ['a link with a GTIN read wrong', 'https://id.gs1.org/01/09521234543214', 'bad-value', '01', 22, 'check digit'],
    ['a novel', 'A'.repeat(SCAN_CHARS_MAX + 1), 'too-long', undefined, SCAN_CHARS_MAX, 'longer than any barcode'],
  ])('%s: what, which and where', (_label, data, code, ai, position, problem) => {
    const parsed = scan(data);
    expect(parsed).toMatchObject({ kind: 'bad', code, ai, position });
    expect(parsed).toHaveProperty('reason', expect.stringContaining(problem));
    expect(parsed).toHaveProperty('reason', expect.stringMatching(new RegExp(`, at ${position}$`)));
  });
});

describe('whatever a scanner sends', () => {
  const prefix = fc.constantFrom(
    '',
    ']C1',
    ']e0',
    ']d2',
    ']Q1',
    ']E0',
    ']E4',
    ']I1',
    GS,
    '(',
    'https://x.y/',
    '01',
    '00',
  );
  const piece = fc.constantFrom(
    '01',
    '10',
    '17',
    '21',
    '310',
    '8003',
    '(',
    ')',
    '/',
    '?',
    '=',
    '%',
    '%2',
    GS,
    '09521234543213',
    '270600',
    'AB',
    ']',
  );
  const noise = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 5 }))).map((pieces) => pieces.join('')),
  );

  it('has an outcome of one of four kinds, and a flaw has a place in it', () => {
    fc.assert(
      fc.property(prefix, noise, (before, data) => {
        const parsed = scan(before + data);
        expect(['gs1', 'gtin', 'text', 'bad']).toContain(parsed.kind);
        const position = parsed.kind === 'bad' ? parsed.position : 0;
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position).toBeLessThanOrEqual(before.length + data.length);
      }),
      { numRuns: 5000 },
    );
  });

  it('means the same in a replay', () => {
    fc.assert(
      fc.property(prefix, noise, (before, data) => {
        expect(scan(before + data)).toEqual(scan(before + data));
      }),
    );
  });
});
