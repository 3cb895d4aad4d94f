// How the fold keeps its tags changes nothing: those that are copied before they change, and those that were put to rest and come back,
// are decided like any other.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateCommand } from '../../../simulators/simulate.ts';
import { rowsOf } from '../../../src/commands/recording.ts';
import { deriveEnd, deriveRow, openMachine, type SiteMachine } from '../../../src/derive.ts';
import { tagsOf } from '../../../src/infer/rows.ts';
import { demoSite } from '../simulators/demoSite.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallygate-checkpoints-'));
const recording = join(folder, 'clean.ndjson');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  await simulateCommand(['--level', 'clean', '--seed', '4', '--minutes', '12', '--out', recording]);
});

/** What is said of all passages, in order; `before` is done before each row. */
async function said(before: (machine: SiteMachine) => void, plan = demoSite()): Promise<readonly string[]> {
  const machine = openMachine(plan);
  const all: string[] = [];
  for await (const { row } of rowsOf(plan, readFileSync(recording, 'utf8').split('\n'))) {
    before(machine);
    for (const passage of deriveRow(machine, row).passages) all.push(JSON.stringify(passage));
  }
  for (const passage of deriveEnd(machine).passages) all.push(JSON.stringify(passage));
  return all;
}

describe('tags that are copied before each change', () => {
  it('are decided as those that are not', async () => {
    let most = 0;
    const usual = await said(({ infer }) => {
      for (const { checkpoints } of infer.areas) most = Math.max(most, checkpoints.length);
    });
    // Half minutes of ten, the further back the fewer.
    expect(most).toBeGreaterThan(5);
    expect(most).toBeLessThan(11);
    expect(usual.length).toBeGreaterThan(200);
    const copied = await said(({ infer }) => {
      for (const { fold } of infer.areas) fold.generation++;
    });
    expect(copied).toEqual(usual);
  }, 60_000);
});

describe('tags that were put to rest', () => {
  it('are decided as those that never are, when they come back', async () => {
    const { rules, ...rest } = demoSite();
    const resting = new Set<string>();
    const woken = new Set<string>();
    const soon = await said(
      ({ infer: { areas } }) => {
        for (const [area, { fold }] of areas.entries()) {
          for (const tag of tagsOf(fold.resting)) {
            resting.add(`${area} ${tag}`);
            if (fold.tracks.has(tag)) woken.add(`${area} ${tag}`);
          }
        }
      },
      { ...rest, rules: { ...rules, lateMs: 30_000 } },
    );
    const never = await said(() => {}, { ...rest, rules: { ...rules, lateMs: 3_600_000 } });
    expect(soon).toEqual(never);
    expect(resting.size).toBeGreaterThan(100);
    expect(woken.size).toBeGreaterThan(10);
  }, 60_000);
});
