// Where a simulation was, kept in a file, so that the next run goes on with the same pallets and serial numbers.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { messageOf, rejected } from '../src/kit/faults.ts';
import type { SimulationState } from './simulation.ts';

/** By site. */
export type SavedSites = Readonly<Record<string, SimulationState>>;

/** What was saved; undefined when nothing was yet. Throws a `rejected` fault `bad-state` for any other file. */
export function readStateFile(file: string): SavedSites | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw rejected('bad-state', `${file} cannot be read: ${messageOf(error)}`);
  }
  try {
    const { version, sites } = JSON.parse(text) as { version?: unknown; sites?: SavedSites };
    if (version === 1 && sites !== undefined) return sites;
  } catch {
    // Told below: whatever is in the file, it is no state.
  }
  throw rejected('bad-state', `${file} holds no saved simulation; delete it to begin anew.`);
}

/** The old state is there until the new one is whole. Throws a `rejected` fault `bad-state` when it cannot be written. */
export function writeStateFile(file: string, sites: SavedSites): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify({ version: 1, sites }));
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw rejected('bad-state', `${file} cannot be written: ${messageOf(error)}`);
  }
}
