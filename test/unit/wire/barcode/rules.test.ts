import { describe, expect, it } from 'vitest';
import { RULES } from '../../../../src/wire/barcode/rules.ts';
import type { RuleName } from '../../../../src/wire/barcode/rules.ts';

/** For each test of the dictionary that we do: values that pass, values that fail. */
const EXAMPLES: Readonly<Record<RuleName, readonly [good: readonly string[], bad: readonly string[]]>> = {
  csum: [['09521234543213', '106141412345678908'], ['09521234543214']],
  csumalpha: [['1987654Ad4X4bL5ttr2310c2K'], ['1987654Ad4X4bL5ttr2310c2J', '1987654Bd4X4bL5ttr2310c2K', '2K']],
  gcppos1: [
    ['9521', '9521141ABC'],
    ['952', '95A1141', ''],
  ],
  gcppos2: [['19521'], ['1952', '1A521']],
  yymmdd: [
    ['270630', '280229', '000229'],
    ['270631', '270229', '270600', '271301', '270001'],
  ],
  yymmd0: [
    ['270600', '270630', '280229'],
    ['270631', '271300', '270000'],
  ],
  yyyymmdd: [
    ['19840229', '20270630'],
    ['20270229', '20270600', '20271301'],
  ],
  hhmi: [
    ['0000', '2359'],
    ['2400', '1260'],
  ],
  hh: [['00', '23'], ['24']],
  mi: [['00', '59'], ['60']],
  ss: [['00', '59'], ['60']],
  zero: [['0'], ['1']],
  nonzero: [['001'], ['000']],
  nozeroprefix: [
    ['0', '10'],
    ['01', '00'],
  ],
  hasnondigit: [['12A'], ['123']],
  pieceoftotal: [
    ['0101', '0112'],
    ['0012', '0201', '0000'],
  ],
  hyphen: [['-'], ['+']],
  yesno: [['0', '1'], ['2']],
  iso5218: [['0', '1', '2', '9'], ['3']],
  winding: [['0', '1', '9'], ['2']],
  mediatype: [
    ['01', '10', '80', '99'],
    ['00', '11', '79'],
  ],
  importeridx: [
    ['-', '_', 'A', 'z', '0'],
    ['!', ''],
  ],
  posinseqslash: [['1/2'], ['0/1', '1/0', '12']],
  latitude: [['0000000000', '1800000000'], ['1800000001']],
  longitude: [['0000000000', '3600000000'], ['3600000001']],
  pcenc: [
    ['plain', 'a%20b', '%C3%A9'],
    ['100%', '%2', '%GG'],
  ],
};

describe.each(Object.entries(EXAMPLES))('%s', (name, [good, bad]) => {
  const rule = RULES[name as RuleName];

  it.each(good)('lets %j pass', (part) => {
    expect(rule(part)).toBeUndefined();
  });

  it.each(bad)('says what is wrong with %j', (part) => {
    expect(rule(part)).toMatch(/^(is|has|must|does) /);
  });
});
