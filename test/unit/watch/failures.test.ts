import { pino } from 'pino';
import { expect, it } from 'vitest';
import { openFailures } from '../../../src/watch/failures.ts';

it('a rule that fails is told once, by its name, until it works again or fails otherwise', () => {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
  const tell = openFailures(log);
  const told = (...reasons: readonly string[]): unknown[] => {
    lines.length = 0;
    tell(
      ['T1'],
      reasons.map((reason) => ({ site: 'T1', kind: 'dwell', reason })),
    );
    return lines.map((line) => JSON.parse(line) as unknown);
  };
  const broken = { level: 50, site: 'T1', kind: 'dwell', msg: 'a rule of alerts cannot be looked at' };
  expect(told('it took too long')).toEqual([{ ...broken, reason: 'it took too long' }]);
  expect(told('it took too long')).toEqual([]);
  expect(told('no such table')).toEqual([{ ...broken, reason: 'no such table' }]);
  expect(told()).toMatchObject([{ level: 30, kind: 'dwell', msg: 'a rule of alerts can be looked at again' }]);
  expect(told('it took too long')).toHaveLength(1);
});

it('of a site that another process looks at by now nothing is told', () => {
  const lines: string[] = [];
  const tell = openFailures(pino({ base: null }, { write: (line) => void lines.push(line) }));
  tell(['T1'], [{ site: 'T1', kind: 'dwell', reason: 'it took too long' }]);
  tell(['T2'], []);
  expect(lines).toHaveLength(1);
});
