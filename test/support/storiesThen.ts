// Then: what the books hold when a story is over.
import { expect } from 'vitest';
import type { Account, PassageEffect, Posting, Transaction } from '../../src/infer/effects.ts';
import type { Check, Scene } from './stories.ts';
import type { Goods } from './storiesSite.ts';

/** Share of the tags of a pallet that must be as said: some are never read. */
export interface Share {
  readonly share?: number;
}

const passagesOf = (scene: Scene, epc: string): readonly PassageEffect[] =>
  [...scene.ledger.passages.values()].filter((passage) => passage.epc === epc);
const movementsOf = (scene: Scene, epc: string): readonly Transaction[] =>
  scene.ledger.movements().filter((movement) => movement.epc === epc);

/** The goods crossed these doors in these directions, in this order, and nothing else: `in DOOR-1`, `out DOOR-2`. */
export const crossed =
  (goods: Goods, crossings: readonly string[], { share = 1 }: Share = {}): Check =>
  (scene) => {
    const told = goods.epcs.map((epc) =>
      passagesOf(scene, epc)
        .filter(({ outcome }) => outcome === 'in' || outcome === 'out')
        .sort((a, b) => a.crossedAt! - b.crossedAt!)
        .map(({ outcome, readPoint }) => `${outcome} ${readPoint}`)
        .join(', '),
    );
    const wanted = crossings.join(', ');
    const right = told.filter((one) => one === wanted).length;
    expect(right, `${goods.name} crossed ${wanted || 'nothing'}; told: ${told.join(' | ')}`).toBeGreaterThanOrEqual(
      Math.ceil(share * goods.epcs.length),
    );
  };

/** The last word on the goods at any door. */
export const passage =
  (goods: Goods, outcome: PassageEffect['outcome'], { share = 1 }: Share = {}): Check =>
  (scene) => {
    const told = goods.epcs.map((epc) => passagesOf(scene, epc).at(-1)?.outcome);
    const right = told.filter((one) => one === outcome).length;
    expect(right, `${goods.name} ${outcome}; told: ${told.join(', ')}`).toBeGreaterThanOrEqual(
      Math.ceil(share * goods.epcs.length),
    );
  };

/** Nobody can say for sure: a person decides. What leads, and how clearly, is told all the same. */
export const undecided =
  (goods: Goods, leading: PassageEffect['leading']): Check =>
  (scene) => {
    const { postAt, ignoreBelow } = scene.plan.rules.portal;
    for (const epc of goods.epcs) {
      const told = passagesOf(scene, epc).at(-1);
      expect(told).toMatchObject({ outcome: 'undecided', leading });
      expect(told!.probability).toBeGreaterThanOrEqual(leading === 'stayed' ? ignoreBelow : 0.5);
      expect(told!.probability).toBeLessThan(postAt);
    }
  };

/** What was posted of the goods, in order: `receive world → DOCK-1`. */
export const moved =
  (goods: Goods, movements: readonly string[], { share = 1 }: Share = {}): Check =>
  (scene) => {
    const told = goods.epcs.map((epc) =>
      movementsOf(scene, epc)
        .map(({ type, from, to }) => `${type} ${from} → ${to}`)
        .join(', '),
    );
    const wanted = movements.join(', ');
    const right = told.filter((one) => one === wanted).length;
    expect(right, `${goods.name}: ${wanted || 'nothing moved'}; posted: ${told.join(' | ')}`).toBeGreaterThanOrEqual(
      Math.ceil(share * goods.epcs.length),
    );
  };

export const nothingMoved = (goods: Goods): Check => moved(goods, []);

/** The books have the goods here; `status` too when said. */
export const stock =
  (goods: Goods, location: string, { share = 1, status }: Share & { readonly status?: string } = {}): Check =>
  (scene) => {
    const told = goods.epcs.map((epc) => scene.ledger.items.get(epc));
    const right = told.filter(
      (item) => item?.location === location && (status === undefined || item.status === status),
    );
    expect(
      right.length,
      `${goods.name} at ${location} ${status ?? ''}; told: ${told.map((item) => `${item?.location} ${item?.status}`).join(', ')}`,
    ).toBeGreaterThanOrEqual(Math.ceil(share * goods.epcs.length));
  };

/** The goods are in the container, for the books; in none when none is said. */
export const within =
  (goods: Goods, container?: Goods): Check =>
  ({ ledger }) => {
    const told = goods.epcs.map((epc) => ledger.items.get(epc)?.container ?? 'unknown');
    expect(told).toEqual(goods.epcs.map(() => container?.epcs[0] ?? ''));
  };

/** How the movements of the goods were known, in order. */
export const sources =
  (goods: Goods, wanted: readonly Transaction['source'][]): Check =>
  (scene) => {
    const told = goods.epcs.map((epc) => movementsOf(scene, epc).map(({ source }) => source));
    expect(told, `how ${goods.name} was known`).toEqual(goods.epcs.map(() => wanted));
  };

/** So much of a SKU is at a location (also of the ledger's own): of any lot, owner and status, or of those that are said. */
export const balance =
  (
    sku: string,
    location: string,
    quantity: number,
    only: Partial<Pick<Posting, 'lot' | 'owner'> & Account> = {},
  ): Check =>
  ({ ledger }) => {
    let sum = 0;
    for (const [key, held] of ledger.balances()) {
      const [of, lot, owner, place, container, status] = key.split('|');
      const wanted = { sku, location, ...only };
      const found: Record<string, unknown> = { sku: of, lot, owner, location: place, container, status };
      if (Object.entries(wanted).every(([field, value]) => found[field] === value)) sum += held;
    }
    expect(Math.round(sum * 10_000) / 10_000, `${sku} at ${location}`).toBe(quantity);
  };

/** Open discrepancies, by kind, in alphabetical order. */
export const discrepancies =
  (...kinds: readonly string[]): Check =>
  ({ ledger }) => {
    const open = [...ledger.discrepancies.values()].filter(({ id }) => !ledger.settled.has(id)).map(({ kind }) => kind);
    expect([...new Set(open)].sort()).toEqual([...kinds].sort());
  };

/** What a command was answered: `done`, or the code of its refusal. */
export const answered =
  (key: string, answer: string): Check =>
  (scene) => {
    const outcome = scene.outcomeOf(key);
    expect(outcome?.status === 'refused' ? outcome.code : outcome?.status).toBe(answer);
  };
