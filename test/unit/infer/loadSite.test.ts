// A site file that is loaded while running takes effect at one offset of the journal.
import { describe, expect, it } from 'vitest';
import type { SiteFile } from '../../../src/config/site.ts';
import { given, type Step } from '../../support/stories.ts';
import { answered, balance, crossed, discrepancies, moved, nothingMoved, stock } from '../../support/storiesThen.ts';
import { after, booked, driven, heard, said, takenAway, together, waited } from '../../support/storiesWhen.ts';
import { HOUR_MS, MINUTE_MS, pallet, SECOND_MS, siteFile, strangeEpc } from '../../support/storiesSite.ts';

const goods = pallet('G', { tags: 4 });
const loaded = (more: Partial<SiteFile>, key?: string): Step =>
  said({ kind: 'load-site', source: { file: siteFile({ name: 'As of now', ...more }) } }, key);

describe('a site file', () => {
  it('brings a location, from its offset on', () => {
    const toNew = (key: string): Step => said({ kind: 'move', epc: goods.epcs[0]!, to: 'NEW' }, key);
    given()
      .when(
        toNew('before'),
        loaded({ locations: [...siteFile().locations!, { id: 'NEW', kind: 'pick' }] }, 'load'),
        toNew('after'),
      )
      .then(answered('before', 'unknown-location'), answered('load', 'done'), answered('after', 'done'));
  });

  it('that says what unknown tags are: what is here counts from now on', () => {
    const strange = { name: 'S', epcs: [1, 2, 3].map(strangeEpc) };
    given()
      .when(driven(strange, 'in'), loaded({ skus: [{ sku: 'CRATE', epc: 'AD38*' }] }))
      .then(
        moved(strange, ['receive world → DOCK-1', 'adjust DOCK-1 → DOCK-1']),
        balance('CRATE', 'DOCK-1', 3),
        balance('CRATE', 'unknown', -3),
      );
  });

  it('that excludes tags, and then does not', () => {
    const mask = { ignore: [{ epc: `${goods.epcs[0]!.slice(0, 14)}*` }] };
    given()
      .when(loaded(mask), driven(goods, 'in'), takenAway(goods))
      .then(nothingMoved(goods))
      .when(loaded({}), driven(goods, 'in'), takenAway(goods))
      .then(moved(goods, ['receive world → DOCK-1']))
      .when(loaded(mask), driven(goods, 'out'), takenAway(goods), loaded({}), driven(goods, 'out', { door: 2 }))
      .then(moved(goods, ['receive world → DOCK-1', 'ship DOCK-2 → world']), discrepancies());
  });

  it('closes what is open by the old one: a pallet in the door has gone through it', () => {
    given()
      .when(together(driven(goods, 'in'), after(15 * SECOND_MS, loaded({}))))
      .then(crossed(goods, ['in DOOR-1']), moved(goods, ['receive world → DOCK-1']));
  });

  it('that says what is in force already closes nothing, and is accepted', () => {
    const same = said({ kind: 'load-site', source: { file: siteFile() } }, 'same');
    const inTheDoor = (load: Step) => given().when(together(driven(goods, 'in'), after(12 * SECOND_MS, load)));
    inTheDoor(same).then(answered('same', 'done'), crossed(goods, ['in DOOR-1']));
    const cutShort = inTheDoor(loaded({})).scene.ledger.passages.values();
    expect([...cutShort].map(({ outcome }) => outcome)).toContain('stayed');
  });

  it('lets zones begin anew: what lies there is found there, and nothing moves', () => {
    given(booked(goods, 'A'))
      .when(heard(goods, 'over-a/1'), loaded({}), heard(goods, 'over-a/1'))
      .then(moved(goods, ['receive world → A']), stock(goods, 'A'));
  });

  it('of another site, or that cannot be used, is refused and changes nothing', () => {
    given()
      .when(
        said({ kind: 'load-site', source: { file: { ...siteFile(), site: 'OTHER' } } }, 'other'),
        said({ kind: 'load-site', source: { file: null } }, 'none'),
        driven(goods, 'in'),
      )
      .then(answered('other', 'bad-site'), answered('none', 'bad-site'), stock(goods, 'DOCK-1'));
  });
});

describe('a passage that waits for a person', () => {
  const one = pallet('U', { tags: 1 });
  const glimpsed = ['door-2/1', 'door-2/3'].map((antenna) =>
    heard(one, antenna, { forMs: SECOND_MS, everyMs: 500, dbm: -70 }),
  );
  const decided =
    (key: string): Step =>
    (scene, at) =>
      said({ kind: 'decide', passage: [...scene.ledger.passages.keys()][0]!, outcome: 'in' }, key)(scene, at);
  const points = siteFile().readPoints!;

  it('is of the same door still, when the new file names the doors in another order', () => {
    const { scene } = given()
      .when(...glimpsed, loaded({ readPoints: points.toReversed() }), decided('asked'))
      .then(answered('asked', 'done'), moved(one, ['receive world → DOCK-2']));
    expect(scene.ledger.movements()[0]!.readPoint).toBe('DOOR-2');
    const evidence = scene.effects.flatMap((effects) => effects.evidence).at(-1)!;
    expect(new Set(evidence.reads!.reads.sources.map(({ reader }) => reader))).toEqual(new Set(['door-2']));
  });

  it('is not open to a decision any more when its door is gone', () => {
    const left = points.filter(({ id }) => id !== 'DOOR-2').map((point) => ({ ...point, neighbours: undefined }));
    given()
      .when(...glimpsed, loaded({ readPoints: left }), decided('asked'), waited(HOUR_MS))
      .then(answered('asked', 'unknown-passage'), nothingMoved(one));
  });

  it('is told without the reads of antennas that are gone', () => {
    const fewer = points.map((point) =>
      point.kind === 'portal' ? { ...point, antennas: point.antennas.filter(({ antenna }) => antenna !== 1) } : point,
    );
    const { scene } = given()
      .when(...glimpsed, loaded({ readPoints: fewer }), decided('asked'))
      .then(answered('asked', 'done'), moved(one, ['receive world → DOCK-2']));
    const evidence = scene.effects.flatMap((effects) => effects.evidence).at(-1)!;
    expect(evidence.reads!.reads.sources).toEqual([{ reader: 'door-2', antenna: 3 }]);
  });

  it('is not moved on by what is seen after the file was loaded', () => {
    given()
      .when(...glimpsed, loaded({}), waited(MINUTE_MS), ...glimpsed, decided('asked'))
      .then(answered('asked', 'done'));
  });
});
