import { describe, expect, it } from 'vitest';
import { parseScan } from '../../../../src/wire/barcode/parseScan.ts';

const AT = Date.UTC(2026, 10, 23);
const elementsOf = (uri: string): unknown => {
  const scan = parseScan(uri, AT);
  return scan.kind === 'gs1' ? Object.fromEntries(scan.elements) : scan.kind;
};

describe('a Digital Link', () => {
  it.each([
    ['https://id.gs1.org/01/09521234543213', { '01': '09521234543213' }],
    ['http://example.com/01/09521234543213/', { '01': '09521234543213' }],
    ['HTTPS://ID.GS1.ORG/01/09521234543213/21/A1', { '01': '09521234543213', '21': 'A1' }],
    ['https://example.com/01/614141000036', { '01': '00614141000036' }],
    ['https://example.com/01/96385074/22/2A', { '01': '00000096385074', '22': '2A' }],
    ['https://example.com/01/09521234543213/235/T1', { '01': '09521234543213', '235': 'T1' }],
    [
      'https://example.com/a/b/c/00/106141412345678908?02=09521234543213&37=48',
      { '00': '106141412345678908', '02': '09521234543213', '37': '48' },
    ],
    [
      'https://example.com/01/09521234543213?17=270630;3103=001250',
      { '01': '09521234543213', '17': '270630', '3103': '001250' },
    ],
    ['https://example.com/01/09521234543213?linkType=gs1:pip&17=270630&x', { '01': '09521234543213', '17': '270630' }],
    ['https://example.com/414/9521141123454/254/32a%2Fb', { '414': '9521141123454', '254': '32a/b' }],
    ['https://example.com/8003/0952114112345432a%2Fb', { '8003': '0952114112345432a/b' }],
  ])('%s', (uri, elements) => {
    expect(elementsOf(uri)).toEqual(elements);
  });

  it('has its qualifiers in the order of the standard, and not those of another key', () => {
    expect(elementsOf('https://example.com/01/09521234543213/22/A/10/B/21/C')).toHaveProperty('21', 'C');
    expect(elementsOf('https://example.com/01/09521234543213/21/C/10/B')).toBe('bad');
    expect(elementsOf('https://example.com/01/09521234543213/10/B/235/T')).toBe('bad');
    expect(elementsOf('https://example.com/01/09521234543213/254/X')).toBe('bad');
    expect(elementsOf('https://example.com/01/09521234543213/10/B/10/C')).toBe('bad');
  });

  it('may have anything in front of its key, even another key', () => {
    const elements = { '01': '09521234543213', '10': 'B' };
    expect(elementsOf('https://example.com/414/9521141123454/01/09521234543213/10/B')).toEqual(elements);
  });

  it.each([
    'https://example.com',
    'https://example.com/',
    'https://example.com/shop/item/42?id=7',
    'https://example.com/2027/01/15',
    'https://example.com/01/095212345432139',
    'https://example.com/10/ABC',
    'https://example.com/01',
    'https://example.com/01/09521234543213/reviews/all',
    'https://',
    'ftp://example.com/01/09521234543213',
  ])('is not %s', (uri) => {
    expect(parseScan(uri, AT)).toEqual({ kind: 'text', text: uri });
  });

  it.each([
    ['https://example.com/01/09521234543214', 'bad-value', '01', 23],
    ['https://example.com/01/09521234543213/10/A%2', 'bad-escape', '10', 41],
    ['https://example.com/01/%2/10/A', 'bad-escape', '01', 23],
    ['https://example.com/01/09521234543213/10/A%20B', 'bad-value', '10', 42],
    ['https://example.com/01/09521234543213/10/B/21/C/10/D', 'unknown-ai', '10', 48],
    ['https://example.com/01/09521234543213?17=271301', 'bad-value', '17', 41],
    ['https://example.com/01/09521234543213?21=A', 'unknown-ai', undefined, 38],
    ['https://example.com/01/09521234543213?05=A', 'unknown-ai', undefined, 38],
    ['https://example.com/01/09521234543213?17=%ZZ', 'bad-escape', '17', 41],
    [']Q1https://example.com/01/09521234543213?17=270630&17=270629', 'conflicting-values', '17', 54],
  ])('%s is broken, and says where', (uri, code, ai, position) => {
    expect(parseScan(uri, AT)).toMatchObject({ kind: 'bad', code, ai, position });
  });
});
