// A test is a story: given a site and what stands in it, when things are driven, scanned and said, then this is what the
// books hold (storiesWhen.ts, storiesThen.ts). Pallets move through simulated air (simulators/radio) or are heard as the test says; time is the story's own.
// In silence the machines get ticks when they ask for them, as the live service gives them.
import { geometryOf, type Geometry } from '../../simulators/radio/geometry.ts';
import { LEVELS, type Level, type LevelName } from '../../simulators/radio/levels.ts';
import { noiseKey } from '../../simulators/radio/noise.ts';
import { createRadio, type Radio } from '../../simulators/radio/radio.ts';
import type { Body } from '../../simulators/radio/tags.ts';
import type { SitePlan } from '../../src/config/plan.ts';
import { deriveRow, dueAt, openMachine, type SiteMachine } from '../../src/derive.ts';
import type { Effects } from '../../src/infer/effects.ts';
import { assert } from '../../src/kit/faults.ts';
import type { CommandOutcome } from '../../src/wire/command.ts';
import type { Row } from '../../src/wire/row.ts';
import { openLedger, type TestLedger } from './storiesLedger.ts';
import { rowsOf, tick, type Seen, type Unplaced } from './storiesRows.ts';
import { MORNING, SITE, site } from './storiesSite.ts';

/** The stage on which a story plays. */
export interface Scene {
  readonly plan: SitePlan;
  readonly geometry: Geometry;
  readonly level: Level;
  readonly seed: number;
  readonly machine: SiteMachine;
  readonly ledger: TestLedger;
  /** Every row that was derived, to be derived again. */
  readonly rows: Row[];
  readonly effects: Effects[];
  readonly bodies: Map<string, Body>;
  /** Goods whose reads are held back somewhere, and until when. */
  readonly heldBack: Map<string, number>;
  now: number;
  /** Seen from now on; it arrives when its time comes. */
  readonly seen: Seen[];
  readonly commands: Unplaced[];
  readonly outcomeOf: (key: string) => CommandOutcome | undefined;
}

export type Fact = { readonly plan: SitePlan } | { readonly air: LevelName; readonly seed: number } | Step;
/** Begins at `at`; returns when it is over. */
export type Step = (scene: Scene, at: number) => number;
export type Check = (scene: Scene) => void;

export interface Story {
  readonly scene: Scene;
  /** One step after the other; afterwards silence until nothing is open. */
  readonly when: (...steps: readonly Step[]) => Story;
  readonly then: (...checks: readonly Check[]) => Story;
}

/** After the last step nobody sees anything for so long: enough for every session to end. */
const SILENCE_MS = 45_000;

export function given(...facts: readonly Fact[]): Story {
  const plan = facts.map((fact) => ('plan' in fact ? fact.plan : undefined)).find((found) => found !== undefined);
  const air = facts.find((fact): fact is Extract<Fact, { air: LevelName }> => 'air' in fact);
  const scene = openScene(plan ?? site(), air?.air ?? 'clean', air?.seed ?? 1);
  const radio = createRadio(scene.geometry, scene.level, noiseKey(scene.seed));
  for (const fact of facts) if (typeof fact === 'function') advance(scene, radio, fact(scene, scene.now));
  const story: Story = {
    scene,
    when(...steps) {
      for (const step of steps) advance(scene, radio, step(scene, scene.now));
      advance(scene, radio, scene.now + SILENCE_MS);
      return story;
    },
    // oxlint-disable-next-line unicorn/no-thenable -- given, when, then
    then(...checks) {
      for (const check of checks) check(scene);
      scene.ledger.check(scene.machine);
      return story;
    },
  };
  return story;
}

function openScene(plan: SitePlan, air: LevelName, seed: number): Scene {
  const ledger = openLedger();
  return {
    plan,
    geometry: geometryOf(plan),
    level: LEVELS[air],
    seed,
    machine: openMachine(plan),
    ledger,
    rows: [],
    effects: [],
    bodies: new Map(),
    heldBack: new Map(),
    now: MORNING,
    seen: [],
    commands: [],
    outcomeOf: (key) => ledger.outcomes.get(key),
  };
}

function advance(scene: Scene, radio: Radio, to: number): void {
  const reads = listen(scene, radio, to);
  const arrived = scene.seen.filter((one) => (one.arrivesAt ?? Number.NEGATIVE_INFINITY) <= to);
  scene.seen.splice(0, scene.seen.length, ...scene.seen.filter((one) => !arrived.includes(one)));
  const seen: Seen[] = [...reads, ...arrived];
  const rows: Unplaced[] = [...rowsOf(seen), ...scene.commands.splice(0)].sort((a, b) => a.receivedAt - b.receivedAt);
  for (const row of rows) {
    silence(scene, row.receivedAt);
    take(scene, row);
  }
  silence(scene, to);
  scene.now = Math.max(to, scene.machine.clean.now);
}

/** What the antennas hear of the bodies; what is held back comes later. */
function listen(scene: Scene, radio: Radio, to: number): Seen[] {
  if (scene.bodies.size === 0) return [];
  const heldBack = new Map<string, number>();
  for (const [name, until] of scene.heldBack)
    for (const { epc } of scene.bodies.get(name)?.tags ?? []) heldBack.set(epc, until);
  const arrived: Seen[] = [];
  for (const read of radio.reads(scene.now, to, [...scene.bodies.values()])) {
    const until = heldBack.get(read.epc);
    if (until !== undefined && until > to) scene.seen.push({ read, arrivesAt: until });
    else arrived.push({ read, arrivesAt: read.reportedAt });
  }
  return arrived;
}

/** Ticks up to `until`, whenever something waits for time to pass. */
function silence(scene: Scene, until: number): void {
  for (let count = 0; ; count++) {
    const now = Math.max(scene.now, Number.isFinite(scene.machine.clean.now) ? scene.machine.clean.now : 0);
    const due = dueAt(scene.machine, now);
    const at = Math.max(now + 100, Math.ceil(due / 100) * 100);
    if (!(at < until)) return;
    assert(count < 100_000, 'Something is due for ever.', { due, now });
    take(scene, tick(at));
  }
}

function take(scene: Scene, row: Unplaced): void {
  const placed = { ...row, site: SITE, offset: scene.rows.length + 1 } as Row;
  const receivedAt = Math.max(placed.receivedAt, scene.rows.at(-1)?.receivedAt ?? 0);
  scene.rows.push({ ...placed, receivedAt });
  const effects = deriveRow(scene.machine, scene.rows.at(-1)!);
  scene.effects.push(effects);
  scene.ledger.take(effects);
}

export const inSite = (plan: SitePlan): Fact => ({ plan });
export const inAir = (air: LevelName, seed = 1): Fact => ({ air, seed });
