// What former releases left behind when they were stopped (test/data/releases).
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const FOLDER = new URL('../data/releases/', import.meta.url);

/** The file of the release with that decider. */
export const releaseFile = (decider: number): string => fileURLToPath(new URL(`decider-${decider}.sql.br`, FOLDER));

/** The deciders of those that are kept, the oldest first. */
export const releases = (): number[] =>
  readdirSync(FOLDER)
    .flatMap((file) => /^decider-(\d+)\.sql\.br$/.exec(file)?.slice(1).map(Number) ?? [])
    .toSorted((a, b) => a - b);

/** Statements that make its database, schema `tallygate`. */
export const leftBehind = (decider: number): string =>
  brotliDecompressSync(readFileSync(releaseFile(decider))).toString();
