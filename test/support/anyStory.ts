// Any story: what fast-check makes up for property tests. Things are driven through doors, lie in aisles, are glimpsed,
// scanned and talked about, in no sensible order; how they sound is a function of a seed, never quite the same twice.
import * as fc from 'fast-check';
import { random, type Random } from '../../simulators/random.ts';
import type { Command } from '../../src/wire/command.ts';
import type { EntriesRow } from '../../src/wire/row.ts';
import { formatTime } from '../../src/wire/time.ts';
import { commandRow, rowsOf, type Seen, type Unplaced } from './storiesRows.ts';
import { gtinOf, itemEpc, MORNING, palletEpc, strangeEpc } from './storiesSite.ts';

/** Two pallets of items, their own tags, and two tags that nobody knows. */
const LOTS: readonly (readonly string[])[] = [
  [1, 2, 3].map((serial) => itemEpc(1, serial)),
  [4, 5, 6].map((serial) => itemEpc(2, serial)),
  [palletEpc(1), itemEpc(1, 7)],
  [palletEpc(2)],
  [strangeEpc(1), strangeEpc(2)],
];
const EPCS = LOTS.flat();
const CONTAINERS = [palletEpc(1), palletEpc(2)];
const LOCATIONS = ['DOCK-1', 'STAGE', 'A', 'A-01', 'B', 'R', 'PACK', 'OUT', 'HOLD'];

export type Happening = { readonly at: number } & (
  | { readonly kind: 'driven'; readonly lots: readonly number[]; readonly door: number; readonly isIn: boolean }
  | { readonly kind: 'lies'; readonly lots: readonly number[]; readonly reader: string; readonly seconds: number }
  | { readonly kind: 'glimpsed'; readonly lot: number; readonly door: number; readonly reads: number }
  | { readonly kind: 'scanned'; readonly device: string; readonly data: string }
  | { readonly kind: 'said'; readonly command: Command }
);

const lots = fc.uniqueArray(fc.nat(LOTS.length - 1), { minLength: 1, maxLength: 3 });
const epc = fc.constantFrom(...EPCS);
const location = fc.constantFrom(...LOCATIONS);
const doors = fc.constantFrom(1, 2);
const status = fc.constantFrom('available' as const, 'quality' as const, 'damaged' as const);
/** On the grid of decisions, and beside it. */
const at = (seconds: number) => fc.integer({ min: 0, max: seconds * 8 }).map((eighth) => eighth * 125);

const observations = (seconds: number): fc.Arbitrary<Happening> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        at: at(seconds),
        kind: fc.constant('driven' as const),
        lots,
        door: doors,
        isIn: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        at: at(seconds),
        kind: fc.constant('lies' as const),
        lots,
        reader: fc.constantFrom('over-a', 'over-b', 'over-r', 'bench-1'),
        seconds: fc.integer({ min: 2, max: 40 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        at: at(seconds),
        kind: fc.constant('glimpsed' as const),
        lot: fc.nat(LOTS.length - 1),
        door: doors,
        reads: fc.integer({ min: 1, max: 4 }),
      }),
    },
  );

/** Commands that mean the same wherever in the journal they stand: each says when. */
const statements: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('move' as const), epc, to: fc.oneof(location, fc.constant('world')) }),
  fc.record({ kind: fc.constant('hold' as const), epc, status }),
  fc.record({ kind: fc.constant('remove' as const), epc }),
  fc.record({
    kind: fc.constant('identify' as const),
    epc,
    sku: fc.constantFrom('X', 'Y'),
    lot: fc.constantFrom('', 'L1'),
  }),
  fc.record({
    kind: fc.constant('pack' as const),
    container: fc.constantFrom(...CONTAINERS),
    epcs: fc.uniqueArray(fc.constantFrom(...LOTS[0]!, ...LOTS[1]!), { minLength: 1, maxLength: 4 }),
  }),
);

const quantity = fc.integer({ min: 1, max: 400 }).map((quarter) => quarter / 4);
const sku = fc.constantFrom('NAILS', gtinOf(3));
/** What depends on what the books say at that offset, or makes no sense at all. */
const requests: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('unpack' as const), container: fc.constantFrom(...CONTAINERS) }),
  fc.record({
    kind: fc.constant('move' as const),
    sku,
    quantity,
    from: fc.oneof(location, fc.constant('world')),
    to: location,
  }),
  fc.record({ kind: fc.constant('move' as const), sku, quantity, from: location, to: fc.constant('world') }),
  fc.record({ kind: fc.constant('adjust' as const), sku, quantity: fc.integer({ min: -9, max: 9 }), location }),
  fc.record({ kind: fc.constant('hold' as const), sku, quantity, location, status }),
  fc.record({ kind: fc.constant('move' as const), epc, to: fc.constant('NOWHERE') }),
  fc.record({
    kind: fc.constant('pack' as const),
    container: fc.constantFrom(...CONTAINERS),
    epcs: fc.constant(CONTAINERS),
  }),
);

const saying = (seconds: number, commands: fc.Arbitrary<Command>): fc.Arbitrary<Happening> =>
  fc.record({ at: at(seconds), kind: fc.constant('said' as const), command: commands });

const scanning = (seconds: number): fc.Arbitrary<Happening> =>
  fc.record({
    at: at(seconds),
    kind: fc.constant('scanned' as const),
    device: fc.constantFrom('pack-1', 'desk-1'),
    data: fc.constantFrom(
      `]C101${gtinOf(1)}211`,
      `]C101${gtinOf(2)}214`,
      `]C101${gtinOf(1)}`,
      `]C101${gtinOf(3)}3002`,
      'A-01',
      'B',
      'HELLO',
    ),
  });

/** Reads alone: the order of their arrival must not show. */
export const anyTraffic = (seconds: number, maxLength = 8): fc.Arbitrary<readonly Happening[]> =>
  fc.array(observations(seconds), { minLength: 1, maxLength });

/** Reads, and what people say of when. */
export const anyDay = (seconds: number, maxLength = 10): fc.Arbitrary<readonly Happening[]> =>
  fc.array(
    fc.oneof({ weight: 3, arbitrary: observations(seconds) }, { weight: 2, arbitrary: saying(seconds, statements) }),
    {
      minLength: 1,
      maxLength,
    },
  );

/** Everything at once. */
export const anyMess = (seconds: number, maxLength = 14): fc.Arbitrary<readonly Happening[]> =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: observations(seconds) },
      { weight: 2, arbitrary: saying(seconds, statements) },
      { weight: 2, arbitrary: saying(seconds, requests) },
      { weight: 1, arbitrary: scanning(seconds) },
    ),
    { minLength: 1, maxLength },
  );

/** What was seen, and what was said: rows as they come when nothing is late. */
export function rowsOfAny(happenings: readonly Happening[], seed: number): Unplaced[] {
  const seen = happenings.flatMap((happening, index) => seenOf(happening, random(seed, `${index}`)));
  const said = happenings.flatMap((happening, index) =>
    happening.kind === 'said'
      ? [
          commandRow(
            MORNING + happening.at,
            { ...happening.command, at: formatTime(MORNING + happening.at) },
            `any-${index}`,
          ),
        ]
      : [],
  );
  return inOrder([...PLACED, ...rowsOf(seen), ...said]);
}

/** Somebody said where the containers are: else the first thing packed into one would say it, as the books have that just then. */
const PLACED = CONTAINERS.map((container, index) =>
  commandRow(MORNING - 60_000, { kind: 'move', epc: container, to: 'PACK' }, `placed-${index}`),
);

/** By arrival; rows of the same moment keep their order. */
export const inOrder = (rows: readonly Unplaced[]): Unplaced[] => rows.toSorted((a, b) => a.receivedAt - b.receivedAt);

export const isEntries = (row: Unplaced): row is Unplaced<EntriesRow> => row.kind === 'entries';

function seenOf(happening: Happening, chance: Random): Seen[] {
  const from = MORNING + happening.at;
  switch (happening.kind) {
    case 'driven': {
      const sides = happening.isIn ? [1, 3] : [3, 1];
      return happening.lots.flatMap((lot) =>
        LOTS[lot]!.flatMap((tag) =>
          sides.flatMap((side, half) => passing(tag, happening.door, side, from + half * 2500, chance)),
        ),
      );
    }
    case 'glimpsed':
      return LOTS[happening.lot]!.flatMap((tag) =>
        Array.from({ length: happening.reads }, (_, index) =>
          readOf(`door-${happening.door}`, 1 + 2 * (index % 2), tag, chance.between(-75, -60), from + index * 700),
        ),
      );
    case 'lies':
      return happening.lots.flatMap((lot) =>
        LOTS[lot]!.flatMap((tag) =>
          Array.from({ length: happening.seconds }, (_, second) =>
            readOf(happening.reader, 1, tag, chance.between(-64, -56), from + second * 1000 + chance.between(0, 900)),
          ),
        ),
      );
    case 'scanned':
      return [{ scan: { device: happening.device, data: happening.data, at: from, operator: 'op-7' } }];
    case 'said':
      return [];
  }
}

/** Half a crossing: eight reads on one side, louder towards the door. */
const passing = (tag: string, door: number, side: number, from: number, chance: Random): Seen[] =>
  Array.from({ length: 8 }, (_, index) => {
    const near = side < 3 === (from % 2 === 0) ? index : 7 - index;
    const dbm = -66 + 2 * near + chance.between(-4, 4);
    return readOf(`door-${door}`, side + (index % 2), tag, dbm, from + index * 300 + chance.between(0, 200));
  });

/** Readers tell whole milliseconds. */
const readOf = (reader: string, antenna: number, tag: string, dbm: number, seenAt: number): Seen => ({
  read: { reader, antenna, epc: tag, rssiDbm: Math.round(dbm * 2) / 2, seenAt: Math.round(seenAt) },
  gateway: reader.startsWith('door') ? 'gw-doors' : 'gw-aisles',
});
