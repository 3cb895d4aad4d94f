// A value put into a file that a person wrote: it is there, and everything else is as it was, byte by byte.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withValue } from '../../../src/config/siteText.ts';

const FILE = `# The site
site: S      # its id

readPoints:
  # the big door
  - id: DOOR-1
    kind: portal
    antennas:
      - { reader: a, antenna: 1 }     # high
      - { reader: a, antenna: 2 }

  - { id: DOOR-2,   kind: portal }    # small
# the end
rules:
  portal:
    postAt: 0.9   # agreed in May
`;

describe('a value put into a site file', () => {
  it('stands after the last value of its block, before what comes next', () => {
    expect(withValue(FILE, ['readPoints', 0, 'calibration'], { loads: 3, tags: { '-45': 1, '-9': 0.5 } })).toBe(
      FILE.replace(
        'antenna: 2 }\n',
        'antenna: 2 }\n    calibration:\n      loads: 3\n      tags: { -45: 1, -9: 0.5 }\n',
      ),
    );
  });

  it('takes the place of the one before, and of no more', () => {
    const once = withValue(FILE, ['readPoints', 0, 'calibration'], { loads: 3, air: { x: 1 } });
    const twice = withValue(once, ['readPoints', 0, 'calibration'], { loads: 7 });
    expect(twice).toBe(withValue(FILE, ['readPoints', 0, 'calibration'], { loads: 7 }));
    expect(withValue(FILE, ['rules', 'portal', 'postAt'], 0.85)).toBe(FILE.replace('0.9 ', '0.85 '));
  });

  it('goes into braces where the file has braces', () => {
    const text = withValue(FILE, ['readPoints', 1, 'calibration'], { loads: 3, air: { x: -1 } });
    expect(text).toBe(
      FILE.replace('kind: portal }    # small', 'kind: portal, calibration: { loads: 3, air: { x: -1 } } }    # small'),
    );
    expect(withValue(text, ['readPoints', 1, 'calibration'], { loads: 4 })).toContain(
      'calibration: { loads: 4 } }    # small',
    );
  });

  it('makes the mappings on its way that are not there', () => {
    expect(withValue('site: S # x', ['rules', 'portal', 'postAt'], 0.8)).toBe(
      'site: S # x\nrules:\n  portal:\n    postAt: 0.8\n',
    );
    expect(parse(withValue('site: S\nrules:\n', ['rules', 'portal', 'postAt'], 0.8))).toEqual({
      site: 'S',
      rules: { portal: { postAt: 0.8 } },
    });
  });

  it('keeps line endings', () => {
    const text = withValue(FILE.replaceAll('\n', '\r\n'), ['readPoints', 0, 'calibration'], { loads: 3 });
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('is there although the file is written in a way that has no lines to add', () => {
    const text = '{ site: S, readPoints: [ { id: D } ] }\n';
    expect(parse(withValue(text, ['readPoints', 0, 'calibration'], { loads: 3 }))).toEqual({
      site: 'S',
      readPoints: [{ id: 'D', calibration: { loads: 3 } }],
    });
    const anchored = 'site: S\nreadPoints:\n  - &a { id: D }\n  - *a\n';
    expect(parse(withValue(anchored, ['readPoints', 0, 'calibration'], { loads: 3 }))).toMatchObject({
      readPoints: [{ id: 'D', calibration: { loads: 3 } }, { id: 'D' }],
    });
  });

  it('is there, and comments too, at every door of the demo site', () => {
    const demo = readFileSync(new URL('../../../config/sites/dc1.yaml', import.meta.url), 'utf8');
    let text = demo;
    for (const index of [0, 1]) text = withValue(text, ['readPoints', index, 'calibration'], { loads: index + 1 });
    const before = parse(demo) as { readPoints: { calibration?: unknown }[] };
    for (const index of [0, 1]) before.readPoints[index]!.calibration = { loads: index + 1 };
    expect(parse(text)).toEqual(before);
    for (const line of demo.split('\n')) expect(text).toContain(line);
  });

  it('whatever it is', () => {
    const value = fc.dictionary(
      fc.stringMatching(/^[a-zA-Z][a-zA-Z]{0,8}$/),
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer(),
        fc.dictionary(fc.stringMatching(/^-[1-9][0-9]?$/), fc.integer({ min: 0, max: 999 })),
      ),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 1 }), (given, index) => {
        const said = JSON.parse(JSON.stringify(given)) as unknown;
        const text = withValue(FILE, ['readPoints', index, 'calibration'], said);
        const found = parse(text) as { readPoints: { calibration?: unknown }[] };
        expect(found.readPoints[index]!.calibration).toEqual(said);
        expect(text).toContain('# high');
      }),
      { numRuns: 200 },
    );
  });
});
