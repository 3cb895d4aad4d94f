// Where things stand in the plot of reads: time to the right, strength upward. Pure.
import type { Read, Site } from '../../api/types.ts';
import { timeOf } from '../../shared/zone.ts';

export const WIDTH = 460;
export const HEIGHT = 210;
const LEFT = 40;
const RIGHT = 12;
const TOP = 22;
const BOTTOM = 26;

export type Side = 'outside' | 'inside' | 'here';

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly side: Side;
  readonly title: string;
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Plot {
  readonly points: readonly Point[];
  readonly across: readonly Tick[];
  readonly up: readonly Tick[];
  /** Where it crossed; undefined when it did not, or not within the reads. */
  readonly crossing: number | undefined;
  readonly sides: readonly Side[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Undefined when no read tells its strength. */
export function plotOf(reads: readonly Read[], crossedAt: string | null, site: Site): Plot | undefined {
  const told = reads.flatMap((read) =>
    read.rssiDbm === undefined ? [] : [{ ...read, rssiDbm: read.rssiDbm, at: timeOf(read.seenAt) }],
  );
  if (told.length === 0) return undefined;
  const crossed = crossedAt === null ? undefined : timeOf(crossedAt);
  const times = [...told.map(({ at }) => at), ...(crossed === undefined ? [] : [crossed])];
  const [from, to] = widened(Math.min(...times), Math.max(...times), 1000);
  const [weak, strong] = widened(
    Math.floor(Math.min(...told.map(({ rssiDbm }) => rssiDbm)) / 5) * 5,
    Math.ceil(Math.max(...told.map(({ rssiDbm }) => rssiDbm)) / 5) * 5,
    10,
  );
  const x = (at: number): number => round(LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - RIGHT));
  const y = (dbm: number): number => round(TOP + ((strong - dbm) / (strong - weak)) * (HEIGHT - TOP - BOTTOM));
  const zero = crossed ?? from;
  const points = told.map(({ at, rssiDbm, reader, antenna, count }) => ({
    x: x(at),
    y: y(rssiDbm),
    side: sideOf(site, reader, antenna),
    title: `${reader} antenna ${antenna ?? '?'}, ${rssiDbm} dBm, ${sinceText(at - zero)}${count === undefined || count === 1 ? '' : `, ${count} reads`}`,
  }));
  return {
    points,
    across: ticks(from - zero, to - zero, stepOf((to - from) / 1000, 5) * 1000).map((since) => ({
      at: x(since + zero),
      text: `${since > 0 ? '+' : ''}${Math.round(since / 100) / 10} s`.replace('-', '−'),
    })),
    up: ticks(weak, strong, stepOf(strong - weak, 4)).map((dbm) => ({
      at: y(dbm),
      text: String(dbm).replace('-', '−'),
    })),
    crossing: crossed === undefined ? undefined : x(crossed),
    sides: [...new Set(points.map(({ side }) => side))].sort().reverse(),
    left: LEFT,
    right: WIDTH - RIGHT,
    top: TOP,
    bottom: HEIGHT - BOTTOM,
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** A single read still needs a stretch of time to stand in, and all need air at the edges. */
function widened(from: number, to: number, least: number): readonly [number, number] {
  const lacking = Math.max(0, least - (to - from));
  const air = Math.max(to - from, least) * 0.04;
  return [from - lacking / 2 - air, to + lacking / 2 + air];
}

function stepOf(span: number, about: number): number {
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough)!;
}

function ticks(from: number, to: number, step: number): number[] {
  const all: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) all.push(at === 0 ? 0 : at);
  return all;
}

const sinceText = (ms: number): string => (ms < 0 ? `${round(-ms / 1000)} s before` : `${round(ms / 1000)} s after`);

function sideOf(site: Site, reader: string, antenna: number | undefined): Side {
  for (const { antennas } of site.readPoints) {
    const known = antennas.find((one) => one.reader === reader && one.antenna === antenna);
    if (known?.side === 'outside' || known?.side === 'inside') return known.side;
  }
  return 'here';
}
