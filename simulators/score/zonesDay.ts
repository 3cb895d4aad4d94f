// A day under two zones side by side: tags lie for hours, are carried to the other zone, or away and back. Overhead antennas read a tag
// now and then, in bursts, and catch some of what lies in the other zone (simulators/NOISE.md 4).
import { planSite, type SitePlan } from '../../src/config/plan.ts';
import type { LevelName } from '../radio/levels.ts';
import type { RadioRead } from '../radio/radio.ts';
import { random, type Random } from '../random.ts';
import { FIRST_AT, type Traffic } from './traffic.ts';

/** What overhead antennas make of tags below them. */
export interface ZoneAir {
  /** Reads a minute of a median tag by its own zone, and how far tags differ (ln-sd). */
  readonly perMinute: number;
  readonly rateSdLn: number;
  /** The other zone reads it that often as well, as a share, and so much weaker. */
  readonly crossShare: number;
  readonly gapDb: number;
  /** From tag and place to tag and place, and from read to read. */
  readonly placeSdDb: number;
  readonly readSdDb: number;
}

const ZONE_AIRS: Readonly<Record<LevelName, ZoneAir>> = {
  clean: { perMinute: 1, rateSdLn: 0.7, crossShare: 0.05, gapDb: 15, placeSdDb: 3, readSdDb: 1.2 },
  typical: { perMinute: 1, rateSdLn: 1, crossShare: 0.3, gapDb: 10, placeSdDb: 4.5, readSdDb: 1.6 },
  hostile: { perMinute: 1, rateSdLn: 1.44, crossShare: 0.6, gapDb: 5, placeSdDb: 6, readSdDb: 2.5 },
};
const JITTER_SHARE = 0.2;
export const MIDDLE_DBM = -62;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const TAGS = 40;
/** A tag stays so long on average, never shorter than the least, and every other time it is carried away for a while in between. */
export const STAY_MEAN_MS = 4 * HOUR_MS;
export const STAY_LEAST_MS = 10 * MINUTE_MS;
export const AWAY_MEAN_MS = HOUR_MS;
/** How often a tag is read changes over hours: goods are put in front of it. ln-sd, and how long a while is. */
export const COVER_SD_LN = 0.5;
export const COVER_MS = 2 * HOUR_MS;
/** Reads come in bursts of about so many, within so long. */
export const BURST_READS = 1.7;
const BURST_MS = 4000;
export const NAMES = ['A', 'B'] as const;
const APART_M = 6;

interface Stay {
  /** Index of the zone, or undefined while it is elsewhere. */
  readonly zone: 0 | 1 | undefined;
  readonly from: number;
  readonly until: number;
}

/** A tag is put down in the other zone than the one before. */
export interface ZoneMove {
  readonly epc: string;
  /** Location. */
  readonly to: string;
  readonly at: number;
  /** When its new zone first read it. */
  readonly heardAt: number;
}

/** The air of that day: off by up to a fifth of its level's. */
export const airOf = (level: LevelName, seed: number): ZoneAir =>
  jittered(ZONE_AIRS[level], random(seed, 'zone-jitter'));

/** `TAGS` tags for a day, and when they were moved. The same arguments give the same day. */
export function zonesDay(level: LevelName, seed: number): { traffic: Traffic; moves: readonly ZoneMove[] } {
  const air = airOf(level, seed);
  const reads: RadioRead[] = [];
  const moves: ZoneMove[] = [];
  for (let tag = 0; tag < TAGS; tag++) {
    const chance = random(seed, 'zone-tag', tag);
    const epc = `30340000000000000000${(0x1000 + tag).toString(16).toUpperCase()}`;
    const stays = staysOf(chance);
    const own = stays.flatMap((stay) => readsOf(epc, stay, air, chance)).sort((a, b) => a.seenAt - b.seenAt);
    for (const read of own) reads.push(read);
    const put = stays.filter(({ zone }) => zone !== undefined);
    for (const [index, { zone, from, until }] of put.entries()) {
      if (index === 0 || put[index - 1]!.zone === zone) continue;
      const first = own.find(({ antenna, seenAt }) => antenna === zone! + 1 && seenAt >= from && seenAt <= until);
      moves.push({ epc, to: NAMES[zone!], at: from, heardAt: first?.seenAt ?? from });
    }
  }
  reads.sort((a, b) => a.seenAt - b.seenAt);
  const until = FIRST_AT + DAY_MS;
  const nothing = { triggers: [], sayings: [], truth: [], containers: new Set<string>(), heard: 0 };
  return { traffic: { ...nothing, plan: planOf(), reads, until }, moves };
}

const planOf = (): SitePlan =>
  planSite({
    file: {
      site: 'ZONES',
      locations: NAMES.map((id, index) => ({ id, kind: 'pick', x: index * APART_M, y: 14 })),
      readPoints: NAMES.map((id, index) => ({
        id: `AISLE-${id}`,
        kind: 'zone',
        location: id,
        antennas: [{ reader: 'over', antenna: index + 1 }],
      })),
    },
  });

function jittered(air: ZoneAir, chance: Random): ZoneAir {
  const off = (value: number): number => value * chance.between(1 - JITTER_SHARE, 1 + JITTER_SHARE);
  return {
    perMinute: off(air.perMinute),
    rateSdLn: off(air.rateSdLn),
    crossShare: off(air.crossShare),
    gapDb: off(air.gapDb),
    placeSdDb: off(air.placeSdDb),
    readSdDb: off(air.readSdDb),
  };
}

function staysOf(chance: Random): Stay[] {
  const stays: Stay[] = [];
  let zone: 0 | 1 = chance.chance(0.5) ? 0 : 1;
  for (let from = FIRST_AT; from < FIRST_AT + DAY_MS;) {
    const until = Math.min(FIRST_AT + DAY_MS, from + Math.max(STAY_LEAST_MS, chance.exponential(STAY_MEAN_MS)));
    stays.push({ zone, from, until });
    from = until;
    if (chance.chance(0.5)) {
      const back = from + chance.exponential(AWAY_MEAN_MS);
      stays.push({ zone: undefined, from, until: back });
      from = back;
      if (chance.chance(0.5)) continue;
    }
    zone = zone === 0 ? 1 : 0;
  }
  return stays;
}

/** What both zones read of a tag while it lies in one. */
function readsOf(epc: string, { zone, from, until }: Stay, air: ZoneAir, chance: Random): RadioRead[] {
  if (zone === undefined) return [];
  const reads: RadioRead[] = [];
  const perMs = chance.lognormal(air.perMinute, air.rateSdLn) / MINUTE_MS;
  const levelsDbm = [0, 1].map((place) =>
    chance.gaussian(place === zone ? MIDDLE_DBM : MIDDLE_DBM - air.gapDb, air.placeSdDb),
  );
  for (let start = from; start < until; start += COVER_MS) {
    const end = Math.min(until, start + COVER_MS);
    const coveredPerMs = perMs * chance.lognormal(1, COVER_SD_LN);
    for (const place of [0, 1] as const) {
      const everyMs = BURST_READS / (coveredPerMs * (place === zone ? 1 : air.crossShare));
      for (let at = start + chance.exponential(everyMs); at < end; at += chance.exponential(everyMs)) {
        let seenAt = at;
        do {
          const rssiDbm = Math.round(chance.gaussian(levelsDbm[place]!, air.readSdDb) * 2) / 2;
          const ms = Math.round(seenAt);
          reads.push({ reader: 'over', antenna: place + 1, epc, rssiDbm, seenAt: ms, reportedAt: ms });
          seenAt += chance.exponential(BURST_MS / BURST_READS);
        } while (seenAt < end && chance.chance(1 - 1 / BURST_READS));
      }
    }
  }
  return reads;
}
