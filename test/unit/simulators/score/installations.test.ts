// Each fault of an installation is found, by its name and at its antenna, and a sound site is left alone, at every level of noise.
import { describe, expect, it } from 'vitest';
import { INSTALLATION_CASES, scoreInstallation } from '../../../../simulators/score/installations.ts';
import { installationTable } from '../../../../simulators/score/installationTable.ts';
import { openReal } from '../../../support/scored.ts';

describe('an installation', () => {
  for (const one of INSTALLATION_CASES) {
    const what = one.fault?.kind ?? 'nothing';
    it(`of ${one.name} is told ${what}`, () => {
      const score = scoreInstallation(one, [1], openReal);
      expect(score.falsely).toEqual([]);
      expect(score.found).toHaveLength(one.fault === undefined ? 0 : 1);
      expect(score.found.every((found) => found !== null)).toBe(true);
      expect(installationTable([score])).toContain(one.name);
    }, 120_000);
  }
});
