import { describe, expect, it } from 'vitest';
import { effectiveAlertRules } from '../../../src/config/alerts.ts';
import type { Alert } from '../../../src/watch/alert.ts';
import type { Finding } from '../../../src/watch/finding.ts';
import { PRESENT_MAX, stepAll } from '../../../src/watch/stepAll.ts';

const rule = { ...effectiveAlertRules().dwell, clearAfterMs: 10, reopenWithinMs: 100 };
const things = (from: number, count: number): Finding[] =>
  Array.from({ length: count }, (_, index) => ({
    subject: `bin ${from + index}`,
    confidence: 1,
    message: 'it is full',
    suggestion: 'empty it',
    evidence: {},
    look: '/v1/stock',
  }));

/** The alerts of one kind, looked at again and again. */
function watching() {
  const alerts = new Map<string, Alert>();
  return {
    present: () => [...alerts.values()].filter(({ state }) => state !== 'resolved').map(({ subject }) => subject),
    look: (now: number, findings: readonly Finding[]): string[] => {
      const steps = stepAll('T1', 'dwell', alerts, findings, rule, now);
      for (const { alert } of steps) alerts.set(alert.subject, alert);
      return steps.flatMap(({ alert, change }) => (change === undefined ? [] : [`${alert.subject} ${change.change}`]));
    },
  };
}

describe('of more things than anybody can look at', () => {
  it('none that is open ends because others are found as well', () => {
    const { look, present } = watching();
    look(0, things(1000, PRESENT_MAX));
    const more = [...things(0, 50), ...things(1000, PRESENT_MAX)];
    expect([look(50, more), look(100, more)]).toEqual([[], []]);
    expect(present()).toEqual(things(1000, PRESENT_MAX).map(({ subject }) => subject));
  });

  it('those that wait open as others end, and not before', () => {
    const { look, present } = watching();
    look(0, things(0, PRESENT_MAX + 2));
    expect(present()).toHaveLength(PRESENT_MAX);
    const left = things(1, PRESENT_MAX + 1);
    expect(look(1, left)).toEqual([]);
    expect(look(20, left)).toEqual(['bin 0 resolved', `bin ${PRESENT_MAX} opened`]);
    expect(present()).toHaveLength(PRESENT_MAX);
  });
});

it('two findings about one thing are one', () => {
  const { look } = watching();
  expect(look(0, [...things(0, 1), ...things(0, 1)])).toEqual(['bin 0 opened']);
});
