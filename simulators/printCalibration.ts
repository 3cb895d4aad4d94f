// The calibration table beside its targets: `npx tsx simulators/printCalibration.ts`.
import { calibrate } from './calibration.ts';
import { LEVEL_NAMES, LEVELS, type LevelName } from './radio/levels.ts';

/** NOISE.md 2. */
const TARGETS: Readonly<Record<LevelName, string>> = {
  clean: '17, 9; 0.0 %; 16',
  typical: '7.3, 1; 1.6 %; 17 (side order 9 %)',
  hostile: '~5, 0; 12.1 %; 21',
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

console.log('level    reads a crossing (mean, p5); never read; reads a bystander in 24 s; side order   (target)');
for (const name of LEVEL_NAMES) {
  const found = calibrate(LEVELS[name], 400, 1);
  const figures = [
    `${found.readsPerCrossing.toFixed(1)}, ${found.readsPerCrossingP5}`,
    percent(found.zeroReadShare),
    found.readsPerBystander.toFixed(1),
    percent(found.sideOrderShare),
  ];
  console.log(`${name.padEnd(8)} ${figures.join('; ').padEnd(40)} (${TARGETS[name]})`);
}
