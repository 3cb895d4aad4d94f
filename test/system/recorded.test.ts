// The recorded dock door, played into the running service through MQTT in its own time: what is booked is what `replay` makes of
// the same reads offline, and that is what the pallet did. DOCK_DOOR_SECONDS plays more of it than the first crossings.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shiftTimes } from '../../simulators/replay/shift.ts';
import { crossingOf, envelopesOf, recordedSite, recording, TOLERANCE_MS } from '../../simulators/score/recorded.ts';
import { precision, recall, score, type Crossing } from '../../simulators/score/match.ts';
import { replay } from '../../src/commands/replay.ts';
import type { MovementJson } from '../../src/wire/movement.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { installSite, type Service } from '../support/serviceProcess.ts';
import { eventually } from '../support/wait.ts';

const SECONDS = Number(process.env['DOCK_DOOR_SECONDS'] ?? 35);
const RUN = '3m';
/** Decisions are made on a grid of time that this is a multiple of. */
const GRID_MS = 30_000;
/** When nothing more is decided though nothing is heard. */
const REST_MS = 12_000;

it(`the first ${SECONDS} seconds are booked live as they are offline, and as they were`, async () => {
  const file = siteFile();
  const home = installSite(file);
  const whole = recording(RUN);
  const from = whole.reads[0]!.at;
  const until = from + SECONDS * 1000;
  const reads = whole.reads.filter(({ at }) => at < until);
  const later = Math.floor((Date.now() - from) / GRID_MS) * GRID_MS;

  const service = await home.start();
  const log = join(home.folder, 'later.csv');
  writeFileSync(log, shiftTimes(linesBefore(until), later));
  const player = home.launch(
    'simulate',
    `--site=${file}`,
    `--replay=${log}`,
    '--reader=door-1',
    `--mqtt=mqtt://127.0.0.1:${service.mqttPort}`,
  );
  expect({ code: await player.ended, said: player.output() }).toMatchObject({ code: 0 });
  await ledgerRests(service);

  const live = await movementsOf(service);
  const offline = await replay(recordedSite(), envelopesOf(reads));
  const contents = (movements: readonly MovementJson[], shiftMs: number): string[] =>
    movements
      .map(({ epc, type, from: origin, to, happenedAt, readPoint, source }) =>
        JSON.stringify([epc, type, origin, to, Date.parse(happenedAt) + shiftMs, readPoint, source]),
      )
      .toSorted();
  expect(contents(live, 0)).toEqual(contents(offline.movements, later));

  const truth = whole.crossings
    .filter(({ at }) => at < until - TOLERANCE_MS)
    .flatMap(({ at, direction }) =>
      [...whole.moving].map((epc): Crossing => ({ epc, readPoint: 'DOOR-1', direction, at: at + later })),
    );
  const result = score(
    truth,
    live.map((movement) => crossingOf(movement)),
    TOLERANCE_MS,
  );
  expect(truth.length).toBeGreaterThanOrEqual(200);
  expect(result.directionErrors).toBe(0);
  expect(precision(result)).toBeGreaterThan(0.95);
  // Who belongs together is learned while they cross: at first one in five is left to a person.
  expect(recall(result)).toBeGreaterThan(0.75);
  expect((await service.stop()).code).toBe(0);
});

/** A site file may be JSON: YAML has it all. */
function siteFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-recorded-'));
  closeAfterFile(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'door.yaml');
  writeFileSync(file, JSON.stringify(recordedSite().source.file));
  return file;
}

/** The recording's own lines, comments too. */
const linesBefore = (until: number): string =>
  readFileSync(new URL(`../data/dock-door/run-${RUN}.csv`, import.meta.url), 'utf8')
    .split(/\r?\n/)
    .filter((line) => !/^\d/.test(line) || Date.parse(line.split(';')[0]!) < until)
    .join('\n');

async function movementsOf(service: Service): Promise<readonly MovementJson[]> {
  const all: MovementJson[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { items: MovementJson[]; next: string | null } = await service.get(
      `/v1/movements?limit=500&effective=true${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
}

/** Silence closes what is open: until then there may be movements to come. */
async function ledgerRests(service: Service): Promise<void> {
  let known = '';
  let since = performance.now();
  await eventually(
    'nothing more is decided',
    async () => {
      const now = JSON.stringify((await movementsOf(service)).map(({ id }) => id));
      if (now !== known) since = performance.now();
      known = now;
      return performance.now() - since > REST_MS;
    },
    90_000,
  );
}
