import { describe, expect, it } from 'vitest';
import {
  BEAM_ANTENNA,
  cleanDueAt,
  cleanEnd,
  cleanRow,
  GRID_MS,
  openClean,
  type AreaRelease,
  type Cleaned,
  type CleanState,
} from '../../../src/clean/clean.ts';
import { planSite } from '../../../src/config/plan.ts';
import { EntriesBuilder, type Entries } from '../../../src/wire/entries.ts';
import type { Row } from '../../../src/wire/row.ts';
import {
  HOUR_MS,
  itemEpc,
  MINUTE_MS,
  MORNING,
  SECOND_MS,
  SITE,
  site,
  siteFile,
  strangeEpc,
} from '../../support/storiesSite.ts';

const TAG = itemEpc(1, 1);
const at = MORNING;

/** A site's cleaning, fed envelope by envelope. */
function cleaning(plan = site()) {
  const state = openClean(plan);
  let offset = 0;
  const releases: AreaRelease[] = [];
  const row = (rest: object): Cleaned => {
    const cleaned = cleanRow(state, { site: SITE, offset: ++offset, ...rest } as Row);
    releases.push(...cleaned.before, ...cleaned.after);
    return cleaned;
  };
  return {
    state,
    /** Everything that was handed out, to the end. */
    all: () => [...releases, ...cleanEnd(state)],
    /** `gateway` undefined: a device that speaks for itself. */
    entries: (receivedAt: number, fill: (builder: EntriesBuilder) => void, sentAt?: number, gateway = 'gw-1') => {
      const builder = new EntriesBuilder();
      fill(builder);
      return row({ kind: 'entries', receivedAt, gateway, sentAt, entries: builder.build() });
    },
    take: (receivedAt: number, entries: Entries) =>
      row({ kind: 'entries', receivedAt, gateway: 'gw-1', sentAt: undefined, entries }),
    tick: (receivedAt: number) => row({ kind: 'tick', receivedAt }),
    load: (receivedAt: number, source: unknown) =>
      row({ kind: 'command', receivedAt, key: 'k', actor: 'a', command: { kind: 'load-site', source } }),
  };
}

const timesOf = (releases: readonly AreaRelease[]): number[] =>
  releases.flatMap(({ reads }) => [...reads.at]).map((time) => time - at);
const epcsOf = (state: CleanState, releases: readonly AreaRelease[]): string[] =>
  releases.flatMap(({ reads }) => [...reads.tag]).map((tag) => state.tags.epcs[tag]!);
const placesOf = (state: CleanState, { placeReads: reads }: Cleaned): string[] =>
  Array.from({ length: reads.length }, (_, index) => {
    const antenna = state.plan.antennas[reads.antenna[index]!]!;
    return `${state.plan.readPoints[antenna.readPoint]!.id} ${state.tags.epcs[reads.tag[index]!]}`;
  });

describe('cleaning reads', () => {
  it('sends reads of portals into the log of their area, those of zones and stations to be counted', () => {
    const { state, entries } = cleaning();
    const cleaned = entries(at + 100, (builder) =>
      builder
        .read('door-1', 1, TAG, -60, at)
        .read('over-a', 2, TAG, -61, at + 1)
        .read('bench-1', 1, TAG, -62, at + 2),
    );
    expect(placesOf(state, cleaned)).toEqual([`AISLE-A ${TAG}`, `BENCH ${TAG}`]);
    expect(epcsOf(state, cleanEnd(state))).toEqual([TAG]);
  });

  it('leaves out antennas that no read point names, and keeps those that do not say which they are', () => {
    const { state, entries } = cleaning();
    const cleaned = entries(at + 100, (builder) =>
      builder
        .read('door-1', 5, TAG, -60, at)
        .read('over-a', 0, TAG, -60, at + 1) // all antennas of over-a are of one zone
        .read('door-1', 0, TAG, -60, at + 2)
        .read('nobody', 1, TAG, -60, at + 3),
    );
    expect(placesOf(state, cleaned)).toEqual([`AISLE-A ${TAG}`]);
    expect(timesOf(cleanEnd(state))).toEqual([2]);
  });

  it('leaves out an unnamed antenna of a reader that serves two read points', () => {
    const plan = site({
      readPoints: [
        { id: 'Z1', kind: 'zone', location: 'A', antennas: [{ reader: 'both', antenna: 1 }] },
        { id: 'Z2', kind: 'zone', location: 'B', antennas: [{ reader: 'both', antenna: 2 }] },
      ],
    });
    const { state, entries } = cleaning(plan);
    const cleaned = entries(at, (builder) => builder.read('both', 0, TAG, -60, at).read('both', 2, TAG, -60, at));
    expect(placesOf(state, cleaned)).toEqual([`Z2 ${TAG}`]);
  });

  it('leaves out tags that masks exclude', () => {
    const plan = site({ ignore: [{ epc: 'AD38*' }, { epc: `${TAG.slice(0, -2)}??` }] });
    const { state, entries } = cleaning(plan);
    const other = itemEpc(2, 1);
    const cleaned = entries(at, (builder) =>
      [strangeEpc(7), TAG, other, 'ad3800'].forEach((epc) => builder.read('over-a', 1, epc, -60, at)),
    );
    expect(placesOf(state, cleaned)).toEqual([`AISLE-A ${other}`]);
  });

  it('knows a tag by its EPC, however many zero words a reader puts behind it', () => {
    const { state, entries } = cleaning();
    entries(at + 100, (builder) =>
      builder
        .read('door-1', 1, TAG, -60, at)
        .read('door-1', 1, `${TAG}0000`, -60, at + 10)
        .read('door-1', 1, `${TAG.toLowerCase()}00000000`, -60, at + 20),
    );
    expect(epcsOf(state, cleanEnd(state))).toEqual([TAG, TAG, TAG]);
    expect(state.tags.epcs).toEqual([TAG]);
  });

  it('counts a read that comes twice once, also when it comes again in another spelling', () => {
    const { state, entries } = cleaning();
    for (const again of [100, 150, 400]) {
      entries(at + again, (builder) =>
        builder.read('door-1', 1, TAG, -60, at).read('door-1', 1, `${TAG}0000`, -60, at),
      );
    }
    expect(timesOf(cleanEnd(state))).toEqual([0]);
  });

  it('lets the light beam of a portal travel among the reads', () => {
    const { state, entries } = cleaning(
      site({
        readPoints: siteFile().readPoints!.map((point) =>
          point.id === 'DOOR-2' ? { ...point, trigger: { reader: 'eye', input: 3 } } : point,
        ),
      }),
    );
    entries(at + 100, (builder) =>
      builder
        .trigger({ reader: 'eye', input: 3, high: true, at: at + 5 })
        .trigger({ reader: 'eye', input: 4, high: true, at: at + 6 })
        .read('door-2', 1, TAG, -60, at)
        .trigger({ reader: 'eye', input: 3, high: false, at: at + 7 }),
    );
    const [release] = cleanEnd(state);
    expect([...release!.reads.antenna].slice(1)).toEqual([BEAM_ANTENNA + 1, BEAM_ANTENNA + 1]);
    expect([...release!.reads.rssiDbm].slice(1)).toEqual([1, 0]);
    expect(timesOf([release!])).toEqual([0, 5, 7]);
  });
});

describe('cleaning in time', () => {
  it('hands reads out half a second later, on the grid, in the order of their own time', () => {
    const { state, entries, tick } = cleaning();
    entries(at + 300, (builder) => builder.read('door-1', 1, TAG, -60, at + 290));
    entries(at + 320, (builder) => builder.read('door-2', 1, TAG, -60, at + 40).read('door-1', 3, TAG, -60, at + 300));
    // door-2 is 280 ms behind: so long everybody in its area waits for it.
    expect(timesOf(tick(at + 1000).before)).toEqual([]);
    expect(timesOf(tick(at + 1050).before)).toEqual([40]);
    const { before } = tick(at + 1300);
    expect(timesOf(before)).toEqual([290, 300]);
    expect(before.every(({ until }) => until % GRID_MS === 0)).toBe(true);
    expect(state.now).toBe(at + 1300);
  });

  it('looks before a row at what time has brought, and after it at what the row has', () => {
    const { entries } = cleaning();
    entries(at + 10, (builder) => builder.read('door-1', 1, TAG, -60, at));
    const cleaned = entries(at + 5000, (builder) => builder.read('door-1', 3, TAG, -60, at + 4990));
    expect(timesOf(cleaned.before)).toEqual([0]);
    expect(timesOf(cleaned.after)).toEqual([]);
    expect(cleaned.before[0]!.until).toBe(at + 4250);
  });

  it('tells when something will be due, and then it is', () => {
    const { state, entries, tick } = cleaning();
    expect(cleanDueAt(state, at)).toBe(Number.POSITIVE_INFINITY);
    entries(at + 30, (builder) => builder.read('door-1', 1, TAG, -60, at));
    let now = at + 30;
    let released = 0;
    for (let count = 0; ; count++) {
      const due = cleanDueAt(state, now);
      if (due === Number.POSITIVE_INFINITY) break;
      expect(due).toBeGreaterThan(now);
      expect(count).toBeLessThan(200);
      now = Math.max(now + 50, due);
      released += tick(now).before.length;
    }
    // Silence goes on for as long as something may be open, and no longer.
    expect(released).toBeGreaterThan(100);
    expect(now - at).toBeGreaterThan(30_000);
    expect(now - at).toBeLessThan(31_500);
  });

  it('lets silence go on until the last sighting can have ended, however long that takes at this site', () => {
    const { state, entries, tick } = cleaning(site({}, { portal: { departAfterMs: 90_000 } }));
    entries(at + 30, (builder) => builder.read('door-1', 1, TAG, -60, at));
    expect(tick(at + 10 * MINUTE_MS).before[0]!.until).toBeGreaterThanOrEqual(at + 90_000);
    expect(cleanDueAt(state, at + 10 * MINUTE_MS)).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not let time go on over an outage: what comes afterwards is simply next', () => {
    const { entries, tick } = cleaning();
    entries(at + 30, (builder) => builder.read('door-1', 1, TAG, -60, at));
    tick(at + 2 * HOUR_MS);
    // The backlog: the gateway kept what its readers saw meanwhile.
    const { tooLate, after } = entries(at + 2 * HOUR_MS + 10, (builder) =>
      builder.read('door-1', 1, TAG, -60, at + MINUTE_MS).read('door-1', 3, TAG, -60, at + 2 * MINUTE_MS),
    );
    expect(tooLate).toEqual([]);
    expect(timesOf(after)).toEqual([MINUTE_MS]);
    expect(timesOf(tick(at + 2 * HOUR_MS + 2000).before)).toEqual([2 * MINUTE_MS]);
  });

  it('puts a late read in its place and tells one that finds no place any more', () => {
    const { entries, tick } = cleaning();
    entries(at + 100, (builder) => builder.read('door-1', 1, TAG, -60, at).read('door-2', 1, TAG, -60, at));
    for (let minute = 1; minute <= 12; minute++) {
      entries(at + minute * MINUTE_MS, (builder) => builder.read('door-1', 1, TAG, -60, at + minute * MINUTE_MS));
    }
    const late = entries(at + 12 * MINUTE_MS + 100, (builder) =>
      builder
        .read('door-2', 1, TAG, -60, at + 4 * MINUTE_MS + 5)
        .read('door-2', 3, TAG, -60, at + 1000)
        .read('door-2', 3, TAG, -60, at + 500),
    );
    expect(late.tooLate).toEqual([{ readPoint: 1, reads: 2, earliest: at + 500, latest: at + 1000 }]);
    const again = tick(at + 13 * MINUTE_MS).before[0]!;
    expect(again.from).toBe(at + 4 * MINUTE_MS);
    expect(timesOf([again])[0]).toBe(4 * MINUTE_MS + 5);
  });

  it('does not wait at one door for a reader that has nothing to do with it', () => {
    const apart = site({ readPoints: siteFile().readPoints!.map((point) => ({ ...point, neighbours: [] })) });
    const { entries } = cleaning(apart);
    entries(at + 10, (builder) => builder.read('door-2', 1, TAG, -60, at));
    const { before, after } = entries(at + 3010, (builder) => builder.read('door-1', 1, TAG, -60, at + 3000));
    expect([...before, ...after].filter(({ reads }) => reads.length > 0).map(({ area }) => area)).toEqual([1]);
  });

  it('corrects a reader ahead by 14 s, and nothing else', () => {
    const { all, entries } = cleaning();
    for (let second = 0; second < 5; second++) {
      entries(at + second * SECOND_MS + 30, (builder) =>
        builder
          .read('door-1', 1, TAG, -60, at + second * SECOND_MS + 14_000)
          .read('door-2', 1, TAG, -60, at + second * SECOND_MS),
      );
    }
    const times = timesOf(all());
    expect(Math.max(...times)).toBeLessThanOrEqual(4030);
    expect(times.filter((time) => time % SECOND_MS === 0)).toEqual([0, 1000, 2000, 3000, 4000]);
  });

  it('puts reads of the year 2000 where they were heard; triggers and scans of wrong clocks too', () => {
    const { state, entries } = cleaning();
    const wrong = Date.UTC(2000, 0, 1) - at;
    const cleaned = entries(at + 30, (builder) =>
      builder
        .read('door-1', 1, TAG, -60, at + wrong)
        .scan({ device: 'pack-1', data: 'A', at: at + HOUR_MS })
        .scan({ device: 'desk-1', data: 'A', at: at + wrong }),
    );
    expect(timesOf(cleanEnd(state))).toEqual([30]);
    expect(cleaned.scans.map((scan) => scan.at - at)).toEqual([30, 30]);
  });

  it('leaves a backlog its true times, by the clock of the gateway that kept it (P7)', () => {
    const { all, entries } = cleaning();
    const wrong = Date.UTC(2000, 0, 1) - at;
    const outage = HOUR_MS;
    // Its reader lives in the year 2000; the gateway, whose clock is right, could not send for an hour.
    for (let second = 0; second < 3; second++) {
      const then = at + second * SECOND_MS;
      entries(at + outage, (builder) => builder.read('door-1', 1, TAG, -60, then + wrong), then + 100);
    }
    expect(timesOf(all())).toEqual([100, 1100, 2100]);
  });

  it('is not misled by a gateway whose own clock is wrong', () => {
    const { all, entries } = cleaning();
    for (const ahead of [HOUR_MS, Date.UTC(2000, 0, 1) - at]) {
      const gateway = `gw ${ahead}`;
      entries(at + 50, (builder) => builder.read('door-1', 1, TAG, -60, at + ahead), at + 20 + ahead, gateway);
    }
    for (const time of timesOf(all())) expect(Math.abs(time - 30)).toBeLessThanOrEqual(20);
  });

  it('hands scans on by time', () => {
    const { entries } = cleaning();
    const { scans } = entries(at + 500, (builder) =>
      builder
        .scan({ device: 'pack-1', data: 'second', at: at + 400 })
        .scan({ device: 'desk-1', data: 'first', at: at + 100 }),
    );
    expect(scans.map((scan) => scan.data)).toEqual(['first', 'second']);
  });
});

describe('a site file that is loaded', () => {
  const moved = { file: siteFile({ ignore: [{ epc: `${TAG}*` }], name: 'after' }) };

  it('closes what is open by the old one first, and takes effect at that row', () => {
    const { state, entries, load } = cleaning();
    entries(at + 10, (builder) => builder.read('door-1', 1, TAG, -60, at).read('door-1', 1, itemEpc(1, 2), -60, at));
    const cleaned = load(at + 20, moved);
    expect(timesOf(cleaned.before)).toEqual([0, 0]);
    expect(cleaned.plan?.name).toBe('after');
    entries(at + 30, (builder) =>
      builder.read('door-1', 1, TAG, -60, at + 25).read('door-1', 1, itemEpc(1, 2), -60, at + 26),
    );
    expect(epcsOf(state, cleanEnd(state))).toEqual([itemEpc(1, 2)]);
  });

  it('may count again what the last one left out', () => {
    const { state, entries, load } = cleaning(planSite(moved));
    entries(at + 10, (builder) => builder.read('over-a', 1, TAG, -60, at));
    load(at + 20, { file: siteFile() });
    const cleaned = entries(at + 30, (builder) => builder.read('over-a', 1, `${TAG}0000`, -60, at + 26));
    expect(placesOf(state, cleaned)).toEqual([`AISLE-A ${TAG}`]);
  });

  it('is refused with the reason when it cannot be used or is of another site; the old one stays', () => {
    const { state, load } = cleaning();
    for (const [source, reason] of [
      [{ file: { site: SITE, locations: 7 } }, /iterable|map/],
      [{ file: null }, /null/],
      [undefined, /undefined/],
      [{ file: { site: 'OTHER' } }, /OTHER, not S1/],
    ] as const) {
      const cleaned = load(at, source);
      expect(cleaned.plan).toBeUndefined();
      expect(cleaned.planFault).toMatch(reason);
    }
    expect(state.plan.name).toBe(SITE);
  });
});
