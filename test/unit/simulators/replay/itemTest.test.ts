import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createItemTestParser, parseAntennaNames } from '../../../../simulators/replay/itemTest.ts';

const dockDoor = (name: string): string[] =>
  readFileSync(new URL(`../../../data/dock-door/${name}`, import.meta.url), 'utf8').split('\n');

const asIs = (antenna: number) => ({ reader: 'door-1', antenna });

describe('ItemTest logs', () => {
  it.each([
    ['run-1m.csv', 21_565, '2023-01-06T16:01:31.242Z', '2023-01-06T16:05:53.685Z'],
    ['run-3m.csv', 16_183, '2023-01-06T16:20:29.164Z', '2023-01-06T16:26:18.091Z'],
    ['run-5m.csv', 21_154, '2023-01-06T16:36:00.866Z', '2023-01-06T16:44:33.570Z'],
  ])('%s is read to the last line', (name, count, first, last) => {
    const parser = createItemTestParser(asIs);
    const reads = dockDoor(name).flatMap((line) => parser.line(line) ?? []);
    expect(reads).toHaveLength(count);
    expect(parser.bad()).toBe(0);
    expect(new Date(reads[0]!.at).toISOString()).toContain(first);
    expect(new Date(reads.at(-1)!.at).toISOString()).toContain(last);
    expect(new Set(reads.map(({ read }) => read.antenna))).toEqual(new Set([1, 2, 3, 4]));
    for (const { read } of reads) {
      expect(read.rssiDbm).toBeGreaterThan(-90);
      expect(read.rssiDbm! * 2).toBe(Math.round(read.rssiDbm! * 2));
    }
  });

  it('understands decimal commas, local time and seven digits', () => {
    const parser = createItemTestParser(asIs);
    const line = '2023-01-06T17:20:29.1705420+01:00;ad3830770CCDD0AD38300350;;1;-70,5;865,7;169.254.1.1;;\r';
    expect(parser.line(line)).toEqual({
      kind: 'read',
      at: Date.UTC(2023, 0, 6, 16, 20, 29, 170) + 0.542,
      read: {
        reader: 'door-1',
        antenna: 1,
        epc: 'AD3830770CCDD0AD38300350',
        rssiDbm: -70.5,
        seenAt: Date.UTC(2023, 0, 6, 16, 20, 29, 170) + 0.542,
      },
    });
  });

  it('follows a header that orders the columns otherwise', () => {
    const parser = createItemTestParser(asIs);
    expect(parser.line('// EPC, Timestamp, RSSI, Antenna')).toBeUndefined();
    expect(parser.line('AA01;2023-01-06T17:20:29Z;-60;2')?.read).toMatchObject({
      epc: 'AA01',
      antenna: 2,
      rssiDbm: -60,
    });
  });

  it('counts what is neither comment nor read', () => {
    const parser = createItemTestParser(asIs);
    for (const line of [
      '// note',
      '',
      'rubbish',
      '2023-13-06T17:20:29Z;AA;;1;-60',
      '2023-01-06T17:20:29Z;XYZ;;1;-60',
    ]) {
      expect(parser.line(line)).toBeUndefined();
    }
    expect(parser.bad()).toBe(3);
  });
});

describe('parseAntennaNames', () => {
  it('names all antennas of one reader, or each by itself', () => {
    expect(parseAntennaNames('door-1')?.(3)).toEqual({ reader: 'door-1', antenna: 3 });
    const names = parseAntennaNames('1=door-1/3, 2=door-2/1')!;
    expect(names(1)).toEqual({ reader: 'door-1', antenna: 3 });
    expect(names(2)).toEqual({ reader: 'door-2', antenna: 1 });
    expect(names(3)).toBeUndefined();
  });

  it.each(['1=door-1', '=', 'a=b/1', 'door-1,door-2', ''])('refuses %j', (text) => {
    expect(parseAntennaNames(text)).toBeUndefined();
  });
});
