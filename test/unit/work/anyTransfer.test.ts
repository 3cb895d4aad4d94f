// Two sites that send each other goods, whose words come late but in their order: what one sent is what came to the other, is under way or was
// given up, for both; nothing of it is there twice; and the same journals give the same again.
import * as fc from 'fast-check';
import { it, vi } from 'vitest';
import { planSite } from '../../../src/config/plan.ts';
import { deriveRow, openMachine, type SiteMachine } from '../../../src/derive.ts';
import { inBooks } from '../../../src/infer/balances.ts';
import type { Effects } from '../../../src/infer/effects.ts';
import { assert } from '../../../src/kit/faults.ts';
import type { Command } from '../../../src/wire/command.ts';
import type { CommandRow, Row } from '../../../src/wire/row.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { openLedger, type TestLedger } from '../../support/storiesLedger.ts';
import { gtinOf, itemEpc, MINUTE_MS, MORNING, siteFile } from '../../support/storiesSite.ts';

vi.setConfig({ testTimeout: 120_000 });

const SEED = Number(process.env['SEED'] ?? 1);
const RUNS = 250;
const SITES = ['S1', 'S2'] as const;
type Name = (typeof SITES)[number];
const TAGS = [1, 2, 3].map((serial) => itemEpc(1, serial));

interface Place {
  readonly machine: SiteMachine;
  readonly ledger: TestLedger;
  readonly rows: Row[];
  readonly effects: Effects[];
  /** Told by the other, and not taken yet. */
  readonly told: CommandRow[];
}

const plans = new Map(SITES.map((site) => [site, planSite({ file: siteFile({ site }) })]));

const at = fc.constantFrom<Name>(...SITES);
const transfer = fc.constantFrom('X1', 'X2');
const quantity = fc.integer({ min: 1, max: 4 });
const epcs = fc.uniqueArray(fc.constantFrom(...TAGS), { minLength: 1, maxLength: 2 });
const said: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('adjust' as const), sku: fc.constant('P'), quantity, location: fc.constant('A') }),
  fc.record({ kind: fc.constant('move' as const), epc: fc.constantFrom(...TAGS), to: fc.constantFrom('A', 'DOCK-1') }),
  fc.record({ kind: fc.constant('send-transfer' as const), transfer, epcs }),
  fc.record({
    kind: fc.constant('send-transfer' as const),
    transfer,
    sku: fc.constant('P'),
    quantity,
    location: fc.constant('A'),
  }),
  fc.record({
    kind: fc.constant('receive' as const),
    inbound: fc.constantFrom('X1', 'X2', 'X1.2'),
    location: fc.constant('DOCK-1'),
    sku: fc.constant('P'),
    quantity,
  }),
  fc.record({ kind: fc.constant('close-transfer' as const), transfer }),
);
const happening = fc.oneof(
  { weight: 5, arbitrary: fc.record({ at, command: said }) },
  { weight: 3, arbitrary: fc.record({ at, command: fc.constant(undefined) }) },
);

function take(places: ReadonlyMap<Name, Place>, site: Name, row: CommandRow): void {
  const { machine, ledger, rows, effects } = places.get(site)!;
  const placed = { ...row, site, offset: rows.length + 1 };
  rows.push(placed);
  const told = deriveRow(machine, placed);
  effects.push(told);
  ledger.take(told);
  for (const { to, key, command } of told.notices)
    places.get(to as Name)!.told.push({ ...row, site: to, key, actor: `site ${site}`, command });
}

/** Once everybody has heard everything, both have the same of each transfer. */
function check(places: ReadonlyMap<Name, Place>): number {
  let sent = 0;
  for (const [site, { machine, ledger }] of places) {
    ledger.check(machine);
    for (const one of machine.work.transfers.byAccount.values()) {
      const held = [...ledger.balances()]
        .filter(([key]) => key.split('|')[3] === one.account)
        .reduce((sum, [, much]) => inBooks(sum + much), 0);
      let underWay = 0;
      for (const line of one.lines.values()) underWay = inBooks(underWay + line.sent - line.received - line.short);
      assert(held === underWay, 'What is under way is in the books.', { site, account: one.account, held, underWay });
      const other = places.get(one.other as Name)!.machine.work.transfers.byAccount.get(one.account);
      const isSilent = [...one.lines.values()].every((line) => line.sent === 0 && line.received === 0);
      assert(isSilent || other !== undefined, 'Both know of it.', { site, account: one.account });
      for (const [key, line] of one.lines) {
        const theirs = other?.lines.get(key) ?? { sent: 0, received: 0, short: 0 };
        sent += line.sent;
        assert(
          line.sent === theirs.sent && line.received === theirs.received && line.short === theirs.short,
          'Both say the same of it.',
          { site, account: one.account, line, theirs },
        );
      }
    }
  }
  return sent;
}

it('holds', () => {
  let sent = 0;
  fc.assert(
    fc.property(fc.array(happening, { minLength: 10, maxLength: 50 }), (happenings) => {
      const places = new Map<Name, Place>(
        SITES.map((site) => [
          site,
          { machine: openMachine(plans.get(site)!), ledger: openLedger(), rows: [], effects: [], told: [] },
        ]),
      );
      let now = MORNING;
      const row = (command: Command): CommandRow => ({
        kind: 'command',
        site: 'S1',
        offset: 0,
        receivedAt: (now += MINUTE_MS),
        key: `any-${now}`,
        actor: 'op',
        command,
      });
      const hear = (site: Name): void => {
        const next = places.get(site)!.told.shift();
        if (next !== undefined) take(places, site, { ...next, receivedAt: (now += MINUTE_MS) });
      };
      for (const [from, to, number] of [
        ['S1', 'S2', 'X1'],
        ['S2', 'S1', 'X2'],
      ] as const) {
        const lines = [
          { line: '1', sku: 'P', quantity: 50 },
          { line: '2', sku: gtinOf(1), quantity: 50 },
        ];
        take(places, from, row({ kind: 'transfer', transfer: number, to, partial: true, lines }));
      }
      // A tag is where it was carried, or on its way to where it was sent.
      const whereabouts = new Map<string, string>(TAGS.map((epc) => [epc, 'S1']));
      for (const { at: site, command } of happenings) {
        if (command === undefined) {
          hear(site);
          continue;
        }
        const named = 'epcs' in command ? (command.epcs ?? []) : 'epc' in command ? [command.epc!] : [];
        if (
          named.some(
            (epc) => ![site, ...(command.kind === 'move' ? [`to ${site}`] : [])].includes(whereabouts.get(epc)!),
          )
        )
          continue;
        const taken = row(command);
        take(places, site, taken);
        if (places.get(site)!.ledger.outcomes.get(taken.key)?.status !== 'done') continue;
        for (const epc of named)
          whereabouts.set(epc, command.kind === 'move' ? site : `to ${site === 'S1' ? 'S2' : 'S1'}`);
      }
      while ([...places.values()].some(({ told }) => told.length > 0)) for (const site of SITES) hear(site);
      sent += check(places);
      for (const [site, { rows, effects }] of places) sameAgain({ plan: plans.get(site)!, rows, effects });
    }),
    { numRuns: RUNS, seed: SEED },
  );
  assert(sent > RUNS, 'Something was sent.', { sent });
});
