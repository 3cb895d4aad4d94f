// Simpler rules, and what can be known at all, on a tag that is carried from one zone to the other.
import { describe, expect, it } from 'vitest';
import type { RadioRead } from '../../../../simulators/radio/radio.ts';
import { ZONE_RULE_NAMES, ZONE_RULES } from '../../../../simulators/score/zoneRules.ts';
import { FIRST_AT } from '../../../../simulators/score/traffic.ts';
import { scoreMoves } from '../../../../simulators/score/zones.ts';
import { airOf } from '../../../../simulators/score/zonesDay.ts';
import { limitsOf } from '../../../../simulators/score/zonesLimit.ts';

const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 10 * MINUTE_MS;
const read = (minute: number, antenna: number, rssiDbm: number): RadioRead => {
  const seenAt = FIRST_AT + minute * MINUTE_MS;
  return { reader: 'over', antenna, epc: 'E1', rssiDbm, seenAt, reportedAt: seenAt };
};
/** For twelve hours in the first zone, then in the second; every fifth minute the other one catches it as well, weaker. */
const carried = Array.from({ length: 1440 }, (_, minute) => {
  const own = minute < 720 ? 1 : 2;
  const noise = (minute % 3) - 1;
  return minute % 5 === 4 ? read(minute, 3 - own, -72 + noise) : read(minute, own, -62 + noise);
});
const movedAt = FIRST_AT + 720 * MINUTE_MS;
const moves = [{ epc: 'E1', to: 'B', at: movedAt, heardAt: movedAt }];

describe('a tag that is carried to the other zone once', () => {
  it("is told of so, and no more, by Bayes' rule, at once or with the whole day before it", () => {
    const limits = limitsOf(carried, airOf('typical', 1), TEN_MINUTES_MS);
    for (const told of [limits.ever, limits.soon])
      expect(scoreMoves(moves, told).score).toMatchObject({ right: 1, wrong: 0, missed: 0 });
  });

  it('is found by the majority of a quarter of an hour, and goes to and fro with the last read', () => {
    expect(scoreMoves(moves, ZONE_RULES.majority(carried)).score).toMatchObject({ right: 1, wrong: 0 });
    expect(scoreMoves(moves, ZONE_RULES.last(carried)).score.wrong).toBeGreaterThan(500);
  });

  it.each(ZONE_RULE_NAMES)('is first where it is heard first, by %s', (name) => {
    expect(ZONE_RULES[name](carried)[0]).toEqual({ epc: 'E1', to: 'A', at: FIRST_AT, toldAt: FIRST_AT });
    expect(ZONE_RULES[name]([])).toEqual([]);
  });
});
