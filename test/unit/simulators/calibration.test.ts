// The simulated portal must behave like the real one: simulators/NOISE.md 2, with what a different set of
// unpublished details (heights, widths, mixes) may cost.
import { describe, expect, it } from 'vitest';
import { calibrate, type Calibration } from '../../../simulators/calibration.ts';
import { LEVELS, type LevelName } from '../../../simulators/radio/levels.ts';

type Span = readonly [min: number, max: number];
const TARGETS: Readonly<Record<LevelName, Readonly<Partial<Record<keyof Calibration, Span>>>>> = {
  // 17, 9; 0.0 %; 16
  clean: {
    readsPerCrossing: [15, 19],
    readsPerCrossingP5: [7, 10],
    zeroReadShare: [0, 0.002],
    readsPerBystander: [13, 19],
    sideOrderShare: [0, 0.01],
  },
  // 7.3, 1; 1.6 % (real 1.5 to 1.9 %); 17; side order 9 % (real 6 to 7 %)
  typical: {
    readsPerCrossing: [6.3, 8.3],
    readsPerCrossingP5: [1, 1],
    zeroReadShare: [0.01, 0.025],
    readsPerBystander: [14, 20],
    sideOrderShare: [0.05, 0.13],
  },
  // about 5, 0; 12.1 %; 21
  hostile: {
    readsPerCrossing: [2.8, 5.5],
    readsPerCrossingP5: [0, 0],
    zeroReadShare: [0.1, 0.15],
    readsPerBystander: [17, 25],
  },
};

describe('calibration', () => {
  it.each(['clean', 'typical', 'hostile'] as const)('%s is near its targets', (name) => {
    const found = calibrate(LEVELS[name], 300, 1);
    for (const [figure, span] of Object.entries(TARGETS[name])) {
      const value = found[figure as keyof Calibration];
      expect(value >= span[0] && value <= span[1], `${figure} ${value} is within ${span.join(' and ')}`).toBe(true);
    }
  });
});
