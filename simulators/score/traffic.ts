// Everything that a cell gives the machines with one seed: a site of doors, and episode after episode of reads, photo-eyes and
// what people said beforehand, with the truth. The parameters of the noise are off by up to a fifth, another way each seed.
import { planSite, type SitePlan } from '../../src/config/plan.ts';
import { WORLD } from '../../src/config/site.ts';
import type { Command } from '../../src/wire/command.ts';
import type { Trigger } from '../../src/wire/entries.ts';
import { geometryOf } from '../radio/geometry.ts';
import { jitteredLevel, LEVELS } from '../radio/levels.ts';
import { noiseKey } from '../radio/noise.ts';
import { createRadio, type RadioRead } from '../radio/radio.ts';
import { random } from '../random.ts';
import { doorsSite } from '../scenes.ts';
import { DOORS_APART_M, type Cell, type Knowledge } from './cells.ts';
import type { Crossing } from './match.ts';
import { sceneOf, WINDOW_MS, type Pallet } from './scene.ts';

const JITTER_SHARE = 0.2;
export const FIRST_AT = Date.UTC(2026, 0, 5, 8);
/** Nothing is about between two episodes: sessions end. */
const GAP_MS = 16_000;
/** A tag that is not read within this of its crossing cannot be known to have crossed. */
const AROUND_MS = 5000;

export interface Saying {
  readonly at: number;
  readonly command: Command;
}

export interface Traffic {
  readonly plan: SitePlan;
  /** As readers report them. */
  readonly reads: readonly RadioRead[];
  readonly triggers: readonly Trigger[];
  readonly sayings: readonly Saying[];
  readonly truth: readonly Crossing[];
  /** EPCs of the containers that pallets were packed into. */
  readonly containers: ReadonlySet<string>;
  /** How many of the true crossings left a read. */
  readonly heard: number;
  readonly until: number;
}

/** `name` is of this pallet alone. */
type Say = (pallet: Pallet, container: string, name: string) => readonly Command[];

/** What people say of a pallet beforehand. */
const SAYINGS: Readonly<Record<Knowledge, Say>> = {
  neither: () => [],
  // Packed where it stands: a container that is nowhere yet would not be known to carry anything.
  container: ({ epcs, from }, container) => [
    { kind: 'move', epc: container, to: from },
    { kind: 'pack', container, epcs: [...epcs] },
  ],
  // A ship notice with every EPC of the pallet; outward the list of a load.
  expected: ({ epcs, from }, _container, name) => [
    from === WORLD
      ? {
          kind: 'announce',
          inbound: name,
          document: 'notice',
          supplier: 'SUPPLIER',
          lines: [{ line: '1', epcs: [...epcs] }],
        }
      : { kind: 'expect', list: name, direction: 'out', epcs: [...epcs] },
  ],
};

/** The same cell and seed give the same traffic. */
export function trafficOf(cell: Cell, seed: number): Traffic {
  const level = jitteredLevel(LEVELS[cell.level], JITTER_SHARE, random(seed, 'jitter'));
  const { doors, layout, photoEye } = cell;
  const plan = planSite({ file: doorsSite({ doors, layout, photoEye, pitchM: DOORS_APART_M }) });
  const geometry = geometryOf(plan);
  const reads: RadioRead[] = [];
  const triggers: Trigger[] = [];
  const sayings: Saying[] = [];
  const truth: Crossing[] = [];
  const containers = new Set<string>();
  let heard = 0;
  for (let number = 0; number < cell.episodes; number++) {
    const from = FIRST_AT + number * (WINDOW_MS + GAP_MS);
    const scene = sceneOf(cell, level, geometry.portals, seed, number, from);
    const radio = createRadio(geometry, level, noiseKey(seed, 'episode', number));
    const own = radio.reads(from, from + WINDOW_MS, scene.bodies);
    reads.push(...own);
    triggers.push(...scene.triggers);
    truth.push(...scene.truth);
    heard += heardOf(scene.truth, own);
    for (const [index, pallet] of scene.pallets.entries()) {
      const container = containerOf(number, index);
      containers.add(container);
      for (const command of SAYINGS[cell.knowledge](pallet, container, `P-${number}-${index}`))
        sayings.push({ at: from, command });
    }
  }
  triggers.sort((a, b) => a.at - b.at);
  const until = FIRST_AT + cell.episodes * (WINDOW_MS + GAP_MS);
  return { plan, reads, triggers, sayings, truth, containers, heard, until };
}

/** Has no tag of its own that could be read. */
const containerOf = (number: number, pallet: number): string =>
  `C${number.toString(16).padStart(15, '0')}${pallet.toString(16).padStart(8, '0')}`.toUpperCase();

function heardOf(truth: readonly Crossing[], reads: readonly RadioRead[]): number {
  const crossedAt = new Map(truth.map(({ epc, at }) => [epc, at]));
  const heard = new Set<string>();
  for (const { epc, seenAt } of reads) {
    const at = crossedAt.get(epc);
    if (at !== undefined && Math.abs(seenAt - at) <= AROUND_MS) heard.add(epc);
  }
  return heard.size;
}
