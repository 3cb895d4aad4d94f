// What is known of the installation of one portal: its last loads, and what each antenna sounded like at first. Pure.
import type { Opinion } from './finding.ts';
import { hearingOpinions } from './hearing.ts';
import type { Load, LoadAntenna, OpenLoad, PortalAntennas } from './loads.ts';
import { sideOpinions, sidesOf, throughAmong } from './sides.ts';

/** How loud antennas heard the first loads that went through: what they are held against later. */
export interface Baseline {
  loads: number;
  tags: number;
  /** Sums of amplitudes, by antenna. */
  readonly loudness: number[];
}

/** Plain, for the snapshot. */
export interface PortalMemory {
  /** Which antennas look where: what was learned is void when that changes. */
  readonly signature: string;
  readonly open: OpenLoad[];
  /** The last `LOADS_KEPT`, oldest first. */
  readonly loads: Load[];
  readonly baseline: Baseline;
  /** Reads of everything that moved, by antenna. */
  readonly heard: number[];
}

/** A load with fewer reads says nothing of the antennas; one of so many tags says how often a tag is read, however few they are. */
export const READS_LEAST = 16;
export const LOAD_TAGS_LEAST = 4;
const LOADS_KEPT = 48;
/** Loads that make the baseline. */
export const BASELINE_LOADS = 24;

const signatureOf = (id: string, antennas: readonly LoadAntenna[]): string => JSON.stringify([id, antennas]);

/** The memory of a portal: the one kept when its antennas are the same, else a new one. */
export function portalMemory(id: string, { antennas }: PortalAntennas, kept?: PortalMemory): PortalMemory {
  const signature = signatureOf(id, antennas);
  if (kept?.signature === signature) return kept;
  return {
    signature,
    open: [],
    loads: [],
    baseline: { loads: 0, tags: 0, loudness: antennas.map(() => 0) },
    heard: antennas.map(() => 0),
  };
}

/** Takes in loads that are complete. */
export function observeLoads(memory: PortalMemory, own: PortalAntennas, complete: readonly Load[]): void {
  for (const load of complete) remember(memory, own, load);
}

/** What is thought of it now. */
export const portalOpinions = (id: string, { antennas }: PortalAntennas, memory: PortalMemory): readonly Opinion[] => [
  ...sideOpinions(id, antennas, memory),
  ...hearingOpinions(id, antennas, memory),
];

function remember({ loads, baseline, heard }: PortalMemory, { antennas }: PortalAntennas, load: Load): void {
  for (const [own, reads] of load.heard.entries()) heard[own]! += reads;
  if (load.reads < READS_LEAST && load.tags < LOAD_TAGS_LEAST) return;
  loads.push(load);
  if (loads.length > LOADS_KEPT) loads.shift();
  const sides = sidesOf(antennas);
  const isThrough = sides === undefined ? load.reads >= READS_LEAST : throughAmong([load], sides).length > 0;
  if (!isThrough || baseline.loads > BASELINE_LOADS + LOADS_KEPT) return;
  // Counts on for a while: what is held against the baseline must not be of it.
  baseline.loads++;
  if (baseline.loads > BASELINE_LOADS) return;
  baseline.tags += load.tags;
  for (let own = 0; own < antennas.length; own++) baseline.loudness[own]! += load.early[own]! + load.late[own]!;
}

/** Those that should hear what this antenna hears: of its side, or all others where it is alone there. */
export function peersOf(antennas: readonly LoadAntenna[], own: number): number[] {
  const others = antennas.flatMap((_, other) => (other === own ? [] : [other]));
  const sameSide = others.filter((other) => antennas[other]!.side === antennas[own]!.side);
  return sameSide.length > 0 ? sameSide : others;
}
