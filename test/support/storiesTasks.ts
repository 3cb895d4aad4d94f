// A site whose goods are directed to bins, and what stories say of its tasks.
import { expect } from 'vitest';
import type { SitePlan } from '../../src/config/plan.ts';
import type { SiteFile } from '../../src/config/site.ts';
import type { TaskEffect } from '../../src/infer/taskEffects.ts';
import type { Command } from '../../src/wire/command.ts';
import type { Check, Scene, Step } from './stories.ts';
import { commandRow } from './storiesRows.ts';
import { SECOND_MS, site, siteFile } from './storiesSite.ts';
import { said } from './storiesWhen.ts';

type Location = NonNullable<SiteFile['locations']>[number];

/** Everything but where goods are stored is as in the other stories; bins are those that the test says. */
export const directedSite = (bins: readonly Location[], rules: object = {}): SitePlan => {
  const others = siteFile().locations!.filter(({ kind }) => kind !== 'pick' && kind !== 'reserve');
  const points = siteFile().readPoints!.filter(({ kind }) => kind === 'portal');
  return site(
    {
      locations: [...others, ...bins],
      readPoints: [
        ...points,
        ...bins
          .filter(({ zone }) => zone === true)
          .map(({ id }) => ({
            id: `ZONE-${id}`,
            kind: 'zone' as const,
            location: id,
            antennas: [{ reader: `over-${id.toLowerCase()}`, antenna: 1 }],
          })),
      ],
    },
    { directed: true, ...rules },
  );
};

export const reserve = (id: string, more: Partial<Location> = {}): Location => ({ id, kind: 'reserve', ...more });
export const pick = (id: string, more: Partial<Location> = {}): Location => ({ id, kind: 'pick', ...more });

/** So much was found where goods come in. */
export const arrived = (sku: string, quantity: number, more: object = {}): Step =>
  said({ kind: 'adjust', sku, quantity, location: 'DOCK-1', reason: 'unloaded', ...more });
export const product = (sku: string, more: Partial<Extract<Command, { kind: 'product' }>> = {}): Step =>
  said({ kind: 'product', sku, ...more });
export const confirmed = (task: string, scan: string, key: string, more: object = {}): Step =>
  said({ kind: 'confirm-task', task, scan, ...more }, key);

/** The same said by somebody. */
export const saidBy =
  (actor: string, command: Command, key?: string): Step =>
  (scene, at) => {
    scene.commands.push(commandRow(at, command, key, actor));
    return at + SECOND_MS;
  };

export const tasksOf = (scene: Scene): ReadonlyMap<string, TaskEffect> =>
  new Map(scene.effects.flatMap(({ tasks }) => tasks).map((task) => [task.id, task]));

/** Every task as it is now: `PUT-1 50 S1 DOCK-1 → R-1 nearest`, with its state when it is not open. */
export const tasks =
  (...wanted: readonly string[]): Check =>
  (scene) => {
    const told = [...tasksOf(scene).values()].map(({ id, quantity, done, gone, sku, lot, from, to, rule, state }) =>
      [
        id,
        `${quantity - done - gone}/${quantity}`,
        sku,
        ...(lot === '' ? [] : [lot]),
        `${from} → ${to ?? 'nowhere'}`,
        ...(rule === undefined ? [] : [rule]),
        ...(state === 'open' ? [] : [state]),
      ].join(' '),
    );
    expect(told).toEqual(wanted);
  };

export const reason =
  (task: string, words: RegExp): Check =>
  (scene) =>
    expect(tasksOf(scene).get(task)?.reason).toMatch(words);
