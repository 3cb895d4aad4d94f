// Every published example of the Tag Data Standard, and every bank that must not be taken for an EPC.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../../src/kit/faults.ts';
import { decodeEpc } from '../../../../src/wire/epc/decodeEpc.ts';

const rowsOf = (file: string): readonly (readonly string[])[] =>
  readFileSync(join(import.meta.dirname, '../../../data/epc', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

describe('the examples of the Tag Data Standard, annex E.3', () => {
  const rows = rowsOf('tds-vectors.csv');

  it('are all there', () => {
    expect(rows).toHaveLength(42);
  });

  // An empty column is one that the standard does not print. (TDS 1.13 prints 812345 in the URI of its SGTIN-198, a
  // known typo for 712345; the file has it right.)
  it.each(rows)('%s %s %s', (_tds, scheme, hex, pureIdentityUri, tagUri, digitalLinkPath) => {
    const columns = Object.entries({ pureIdentityUri, tagUri, digitalLinkPath });
    const printed = Object.fromEntries(columns.filter(([, value]) => value !== ''));
    expect(decodeEpc(hex)).toMatchObject({ kind: 'gs1', scheme, ...printed });
  });

  it.each(rows.filter(([, scheme]) => scheme!.endsWith('+')))('%s %s %s has no URN', (_tds, _scheme, hex) => {
    expect(decodeEpc(hex)).toMatchObject({ pureIdentityUri: undefined, tagUri: undefined });
  });
});

describe('banks that hold no EPC', () => {
  const expected: Readonly<Record<string, string>> = {
    '000000000000000000000000': 'unprogrammed',
    E28011606000020A6681F23F: 'tid-class',
    FE0000000000000000000000: 'reserved-header',
    '30164596F40C0E5CBE991A830001': 'data-after-end',
    '3074257BF7194E4000001A850000': 'SGTIN-96',
    '3016': 'truncated',
    '307C00000000000000000000': 'reserved-partition',
    ZZ34: 'not hexadecimal',
    '313630323030303120202020': 'reserved-bits',
    '30304035A880C80000123BEE': 'SGTIN-96',
  };
  it.each(rowsOf('negative-vectors.csv'))('%s: %s', (hex) => {
    expect(outcome(hex)).toBe(expected[hex]);
  });
});

function outcome(hex: string): string {
  try {
    const epc = decodeEpc(hex);
    return epc.kind === 'raw' ? epc.reason : epc.scheme;
  } catch (error) {
    return messageOf(error);
  }
}
