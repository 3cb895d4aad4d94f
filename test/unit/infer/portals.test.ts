import { describe, expect, it } from 'vitest';
import { given, inAir, inSite, type Scene, type Step } from '../../support/stories.ts';
import { crossed, discrepancies, moved, nothingMoved, passage, stock, undecided } from '../../support/storiesThen.ts';
import { driven, heard, parked, passedBy, takenAway, together, turnedBack, waited } from '../../support/storiesWhen.ts';
import {
  HOUR_MS,
  MINUTE_MS,
  MORNING,
  pallet,
  SECOND_MS,
  site,
  siteFile,
  strangeEpc,
  type Goods,
} from '../../support/storiesSite.ts';

/** Some tags are behind the others and hardly heard. */
const MOST = { share: 0.8 };

/** Our clock when the first passage was decided. */
const decidedAt = ({ effects }: Scene): number => effects.find(({ passages }) => passages.length > 0)!.receivedAt;

/** Heard on the outside, then on the inside, so often each: as little as a tag behind a full pallet is. */
const glimpsed = (goods: Goods, reads: number, dbm: number): Step[] => [
  heard(goods, 'door-1/1', { forMs: reads * 500, everyMs: 500, dbm }),
  heard(goods, 'door-1/3', { forMs: reads * 500, everyMs: 500, dbm }),
];

describe('a passage through a door', () => {
  const goods = pallet('P');

  it('in: what was driven in is received at the dock', () => {
    given()
      .when(driven(goods, 'in'))
      .then(
        passage(goods, 'in'),
        crossed(goods, ['in DOOR-1']),
        moved(goods, ['receive world → DOCK-1']),
        stock(goods, 'DOCK-1', { status: 'available' }),
        discrepancies(),
      );
  });

  it('out: what was driven out is shipped', () => {
    given()
      .when(driven(goods, 'in'), takenAway(goods), waited(HOUR_MS), driven(goods, 'out'))
      .then(
        passage(goods, 'out'),
        moved(goods, ['receive world → DOCK-1', 'ship DOCK-1 → world']),
        stock(goods, 'customer', { status: '' }),
        discrepancies(),
      );
  });

  it('turned_back: what came to the door and went back moves nothing', () => {
    const one = pallet('T', { tags: 1 });
    const near = (antenna: string, forMs: number, dbm: number): Step =>
      heard(one, antenna, { forMs, everyMs: 500, dbm });
    given()
      .when(near('door-1/3', 6000, -64), near('door-1/1', SECOND_MS, -60), near('door-1/3', 6000, -64))
      .then(passage(one, 'turned_back'), nothingMoved(one));
  });

  it('stayed: what stands before the door, or is driven along it, moves nothing', () => {
    given()
      .when(parked(goods), waited(MINUTE_MS), takenAway(goods))
      .then(passage(goods, 'stayed', MOST), nothingMoved(goods));
    given()
      .when(passedBy(goods, 4))
      .then(passage(goods, 'stayed', MOST), nothingMoved(goods));
    given()
      .when(turnedBack(goods, 'outside', { closestM: 1.5 }))
      .then(passage(goods, 'stayed', MOST), nothingMoved(goods));
  });

  it('stray: what was heard once or twice from afar moves nothing', () => {
    const far = pallet('F', { tags: 2 });
    given()
      .when(heard(far, 'door-1/3', { forMs: 2 * SECOND_MS, dbm: -75 }))
      .then(passage(far, 'stray'), nothingMoved(far));
  });

  it('undecided: what may have gone through waits for a person, with what leads and how clearly', () => {
    const one = pallet('U', { tags: 1 });
    given()
      .when(...glimpsed(one, 2, -66))
      .then(undecided(one, 'in'), nothingMoved(one), stock(one, 'DOCK-1', { share: 0 }));
  });

  it('is of one door and one presence: coming again is another', () => {
    const { scene } = given()
      .when(
        driven(goods, 'in'),
        waited(MINUTE_MS),
        driven(goods, 'out', { door: 2 }),
        waited(MINUTE_MS),
        driven(goods, 'in', { door: 2 }),
      )
      .then(crossed(goods, ['in DOOR-1', 'out DOOR-2', 'in DOOR-2']), stock(goods, 'DOCK-2'));
    expect([...scene.ledger.passages.values()].every(({ revision }) => revision === 1)).toBe(true);
  });

  it('of tags that nobody knows moves them too, and says so once', () => {
    const strange = { name: 'S', epcs: Array.from({ length: 6 }, (_, index) => strangeEpc(index)) };
    const { scene } = given()
      .when(driven(strange, 'in'), waited(MINUTE_MS), driven(strange, 'out'))
      .then(
        moved(strange, ['receive world → DOCK-1', 'ship DOCK-1 → world']),
        stock(strange, 'customer'),
        discrepancies('unknown-item'),
      );
    expect(scene.ledger.discrepancies.size).toBe(strange.epcs.length);
    expect(scene.ledger.balances().size).toBe(0);
  });

  it('of tags that the masks exclude does not exist', () => {
    const { scene } = given(inSite(site({ ignore: [{ epc: `${goods.epcs[0]!.slice(0, 14)}*` }] })))
      .when(driven(goods, 'in'))
      .then(nothingMoved(goods));
    expect(scene.ledger.passages.size).toBe(0);
  });
});

describe('a photo-eye', () => {
  const beams = site({
    readPoints: siteFile().readPoints!.map((point) =>
      point.kind === 'portal' ? { ...point, trigger: { reader: point.antennas[0]!.reader, input: 1 } } : point,
    ),
  });
  const goods = pallet('P');

  it('tells the moment of crossing, and no later', () => {
    const seen = given(inSite(beams)).when(driven(goods, 'in')).then(passage(goods, 'in'));
    const unseen = given().when(driven(goods, 'in')).then(passage(goods, 'in'));
    expect(decidedAt(seen.scene)).toBeLessThanOrEqual(decidedAt(unseen.scene));
    const [movement] = seen.scene.ledger.movements();
    expect(Math.abs(movement!.happenedAt - (MORNING + 12_000))).toBeLessThanOrEqual(250);
  });

  it('that nothing has broken says that nothing has passed', () => {
    const other = pallet('O', { tags: 1 });
    const seen = [driven(goods, 'in'), takenAway(goods), waited(MINUTE_MS), ...glimpsed(other, 2, -62)];
    given()
      .when(...seen)
      .then(passage(other, 'in'));
    given(inSite(beams))
      .when(...seen)
      .then(passage(goods, 'in'), passage(other, 'stayed'));
  });
});

describe('two doors side by side', () => {
  const [left, right] = [pallet('L'), pallet('R')];

  it('tell apart what goes in at one and out at the other in the same moment', () => {
    given()
      .when(driven(right, 'in'), takenAway(right), waited(HOUR_MS))
      .when(together(driven(left, 'in', { door: 1 }), driven(right, 'out', { door: 2 })))
      .then(crossed(left, ['in DOOR-1']), crossed(right, ['in DOOR-1', 'out DOOR-2']), discrepancies());
  });

  it('do not both count what only one of them let through', () => {
    given()
      .when(driven(left, 'in', { door: 2 }))
      .then(crossed(left, ['in DOOR-2']), moved(left, ['receive world → DOCK-2']));
  });
});

describe('parked tags', () => {
  const [stood, goods] = [pallet('S', { tags: 30 }), pallet('P')];

  it('do not move, whatever is driven past them', () => {
    const driving = Array.from({ length: 6 }, (_, index) => driven(goods, index % 2 === 0 ? 'in' : 'out'));
    given(parked(stood, { right: 1.5 }))
      .when(...driving)
      .then(
        nothingMoved(stood),
        crossed(
          goods,
          [1, 2, 3].flatMap(() => ['in DOOR-1', 'out DOOR-1']),
          MOST,
        ),
      );
  });

  it('are told once, not every time they are heard again', () => {
    const { scene } = given()
      .when(...Array.from({ length: 5 }, () => [heard(stood, 'door-1/3', { forMs: 5000 }), waited(MINUTE_MS)]).flat())
      .then(nothingMoved(stood), passage(stood, 'stayed'));
    expect(scene.ledger.passages.size).toBe(stood.epcs.length);
  });
});

describe('what is driven together', () => {
  it('crosses together: one moment, one group, though half of it is hardly heard', () => {
    const goods = pallet('P', { tags: 40 });
    const { scene } = given(inAir('typical', 3))
      .when(driven(goods, 'in'))
      .then(moved(goods, ['receive world → DOCK-1'], { share: 0.85 }));
    const groups = new Map<string, { size: number; moments: Set<number>; members: number }>();
    for (const { group, crossedAt, outcome } of scene.ledger.passages.values()) {
      if (group === undefined || outcome !== 'in') continue;
      const known = groups.get(group.id) ?? { size: group.size, moments: new Set(), members: 0 };
      // Who is told early does not know yet of everybody.
      const size = Math.max(known.size, group.size);
      groups.set(group.id, { size, members: known.members + 1, moments: known.moments.add(crossedAt!) });
    }
    const [most] = [...groups.values()].sort((a, b) => b.members - a.members);
    expect(most!.members).toBeGreaterThanOrEqual(0.8 * goods.epcs.length);
    expect(most!.members).toBeLessThanOrEqual(most!.size);
    expect([...most!.moments]).toHaveLength(1);
  });

  it('decides for a tag that nobody could judge alone', () => {
    const [goods, weak] = [pallet('P', { tags: 12 }), pallet('W', { tags: 1 })];
    given()
      .when(...glimpsed(weak, 2, -66))
      .then(undecided(weak, 'in'));
    const at =
      (steps: readonly Step[]): Step =>
      (scene, from) =>
        steps.reduce((now, step) => step(scene, now), from);
    const both = [goods, weak].map((one) => at(glimpsed(one, 2, one === weak ? -66 : -58)));
    given()
      .when(together(...both))
      .then(passage(weak, 'in'), moved(weak, ['receive world → DOCK-1']));
  });
});
