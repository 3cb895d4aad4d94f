// The life of an alert, with the time passed in.
import { describe, expect, it } from 'vitest';
import { effectiveAlertRules } from '../../../src/config/alerts.ts';
import type { AlertRule } from '../../../src/config/alertKinds.ts';
import { act, step, type Alert, type Step } from '../../../src/watch/alert.ts';
import type { Finding } from '../../../src/watch/finding.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOON = Date.UTC(2026, 10, 27, 12);

const rule: AlertRule = {
  ...effectiveAlertRules().dwell,
  severity: 'warning',
  clearAfterMs: MINUTE_MS,
  reopenWithinMs: HOUR_MS,
  escalateAfterMs: 4 * HOUR_MS,
};
const finding: Finding = {
  subject: 'DOCK',
  confidence: 1,
  message: '3 items have been in DOCK for more than 8 h.',
  suggestion: 'Put them away.',
  evidence: { items: 3, oldestSince: 'then' },
  look: '/v1/stock',
};

/** The alert of one thing, told minute by minute. */
function life() {
  let alert: Alert | undefined;
  const take = (next: Step | undefined) => {
    alert = next?.alert ?? alert;
    return next?.change?.change;
  };
  return {
    alert: () => alert!,
    found: (minute: number, more: Partial<Finding> = {}, own: Partial<AlertRule> = {}) =>
      take(step('T1', 'dwell', alert, { ...finding, ...more }, { ...rule, ...own }, NOON + minute * MINUTE_MS)),
    gone: (minute: number, own: Partial<AlertRule> = {}) =>
      take(step('T1', 'dwell', alert, undefined, { ...rule, ...own }, NOON + minute * MINUTE_MS)),
    person: (minute: number, action: Parameters<typeof act>[1]) =>
      take(act(alert!, action, 'Grace', undefined, NOON + minute * MINUTE_MS)),
  };
}

describe('an alert', () => {
  it('opens once however often its cause is found', () => {
    const one = life();
    expect([one.found(0), one.found(1), one.found(2)]).toEqual(['opened', undefined, undefined]);
    expect(one.alert()).toMatchObject({ state: 'open', severity: 'warning', times: 1, revision: 1 });
  });

  it('takes new figures over without telling anybody', () => {
    const one = life();
    one.found(0);
    expect(one.found(1, { message: '4 items have been there.', evidence: { items: 4 } })).toBeUndefined();
    expect(one.alert()).toMatchObject({ message: '4 items have been there.', evidence: { items: 4 }, revision: 1 });
  });

  it('resolves itself when its cause has been gone for long enough, not before', () => {
    const one = life();
    one.found(0);
    expect([one.gone(1), one.gone(1.5), one.found(1.7), one.gone(1.8), one.gone(2.5), one.gone(2.8)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      'resolved',
    ]);
    expect(one.alert()).toMatchObject({ state: 'resolved', stateBy: 'tallygate' });
  });

  it('is re-opened by what comes back soon, and is a new one by what comes back later', () => {
    const one = life();
    one.found(0);
    one.gone(1);
    one.gone(2);
    const { id } = one.alert();
    expect(one.found(30)).toBe('reopened');
    expect(one.alert()).toMatchObject({ id, state: 'open', times: 2 });
    one.gone(40);
    one.gone(45);
    expect(one.found(200)).toBe('opened');
    expect(one.alert()).toMatchObject({ times: 1, revision: 1 });
    expect(one.alert().id).not.toBe(id);
  });

  it('that flaps must stay away longer each time', () => {
    const one = life();
    one.found(0);
    one.gone(1);
    expect(one.gone(2)).toBe('resolved');
    one.found(3);
    one.gone(4);
    expect([one.gone(5.5), one.gone(6)]).toEqual([undefined, 'resolved']);
    one.found(7);
    one.gone(8);
    expect([one.gone(11), one.gone(12)]).toEqual([undefined, 'resolved']);
  });

  it('rises when nobody acknowledges it, step by step, and no further', () => {
    const one = life();
    one.found(0, {}, { severity: 'info' });
    expect([one.found(239), one.found(240), one.found(300), one.found(480), one.found(2000)]).toEqual([
      'escalated', // the rule itself says warning meanwhile
      undefined,
      undefined,
      'escalated',
      undefined,
    ]);
    expect(one.alert().severity).toBe('critical');
  });

  it('that somebody acknowledged rises only when it becomes worse', () => {
    const one = life();
    one.found(0);
    expect(one.person(1, { kind: 'acknowledge' })).toBe('acknowledged');
    expect(one.person(2, { kind: 'acknowledge' })).toBeUndefined();
    expect(one.found(600)).toBeUndefined();
    expect(one.found(601, { severity: 'critical' })).toBe('escalated');
    expect(one.alert()).toMatchObject({ state: 'acknowledged', stateBy: 'Grace', severity: 'critical' });
  });

  it('that was snoozed wakes when its cause is still there', () => {
    const one = life();
    one.found(0);
    one.person(1, { kind: 'snooze', until: NOON + 600 * MINUTE_MS });
    expect([one.found(500), one.found(600)]).toEqual([undefined, 'woken']);
    expect(one.alert()).toMatchObject({ state: 'open', snoozedUntil: undefined });
  });

  it('resolved by a person stays so while the same cause goes on, for a while; a new cause opens it at once', () => {
    const one = life();
    one.found(0);
    expect(one.person(1, { kind: 'resolve' })).toBe('resolved');
    expect(one.person(2, { kind: 'acknowledge' })).toBeUndefined();
    expect([one.found(2), one.found(60), one.found(61)]).toEqual([undefined, undefined, 'reopened']);
    one.person(62, { kind: 'resolve' });
    one.gone(63);
    expect(one.found(64)).toBe('reopened');
  });

  it('ends when its rule is switched off', () => {
    const one = life();
    one.found(0);
    expect(one.gone(1, { on: false })).toBe('resolved');
  });
});
