// The ledger as a test sees it: takes effects in their order and is as strict as Postgres: what could not be posted, or would
// leave the books wrong, fails the test at once, whatever the test is about.
import type { SitePlan } from '../../src/config/plan.ts';
import type { SiteMachine } from '../../src/derive.ts';
import type { Account, Discrepancy, Effects, ItemEffect, PassageEffect, Transaction } from '../../src/infer/effects.ts';
import { ADJUSTMENT, SUPPLIER } from '../../src/infer/transactions.ts';
import { assert } from '../../src/kit/faults.ts';
import type { CommandOutcome } from '../../src/wire/command.ts';
import { formatTime } from '../../src/wire/time.ts';

export interface TestLedger {
  readonly take: (effects: Effects) => void;
  /** Everything posted, in order, undone and undoing ones too. */
  readonly transactions: readonly Transaction[];
  /** What holds: neither undone nor undoing, by time. */
  readonly movements: () => readonly Transaction[];
  readonly passages: ReadonlyMap<string, PassageEffect>;
  readonly discrepancies: ReadonlyMap<string, Discrepancy>;
  readonly settled: ReadonlySet<string>;
  readonly items: ReadonlyMap<string, ItemEffect>;
  readonly outcomes: ReadonlyMap<string, CommandOutcome>;
  /** Quantity by SKU, location, container and status, zeros left out. */
  readonly balances: () => ReadonlyMap<string, number>;
  /** Are the books right? Sums are zero, an item is in one account, and the machines say the same. */
  readonly check: (machine: SiteMachine) => void;
}

export function openLedger(): TestLedger {
  const transactions: Transaction[] = [];
  const byId = new Map<string, Transaction>();
  const undone = new Set<string>();
  const passages = new Map<string, PassageEffect>();
  const evidence = new Map<string, string>();
  const discrepancies = new Map<string, Discrepancy>();
  const settled = new Set<string>();
  const items = new Map<string, ItemEffect>();
  const outcomes = new Map<string, CommandOutcome>();

  const takeTransaction = (transaction: Transaction): void => {
    const { id, supersedes, postings, confidence, happenedAt } = transaction;
    assert(!byId.has(id), 'A transaction is posted once.', { id, again: transaction, before: byId.get(id) });
    formatTime(happenedAt);
    assert(confidence >= 0 && confidence <= 1, 'A confidence is a probability.', { transaction });
    for (const { quantity, from, to } of postings) {
      assert(quantity > 0 && keyOf(from) !== keyOf(to), 'A posting moves something somewhere.', { transaction });
    }
    if (supersedes !== undefined) {
      const old = byId.get(supersedes);
      assert(old !== undefined && !undone.has(supersedes), 'What is undone was posted, and is undone once.', {
        transaction,
      });
      assert(old.from === transaction.to && old.to === transaction.from, 'A compensation swaps from and to.');
      assert(old.happenedAt === happenedAt, 'A compensation is dated like what it undoes.');
      undone.add(supersedes);
    }
    byId.set(id, transaction);
    transactions.push(transaction);
  };

  const takePassage = (passage: PassageEffect): void => {
    const before = passages.get(passage.id)?.revision ?? 0;
    assert(passage.revision === before + 1, 'Revisions count up one by one.', { passage, before });
    for (const at of [passage.firstAt, passage.lastAt, passage.crossedAt ?? 0]) formatTime(at);
    assert(passage.probability >= 0 && passage.probability <= 1, 'A probability is one.', { passage });
    const crossed = passage.outcome === 'in' || passage.outcome === 'out';
    assert(!crossed || passage.crossedAt !== undefined, 'A crossing has a moment.', { passage });
    passages.set(passage.id, passage);
  };

  return {
    transactions,
    passages,
    discrepancies,
    settled,
    items,
    outcomes,
    take(effects) {
      effects.transactions.forEach(takeTransaction);
      effects.passages.forEach(takePassage);
      for (const { id, revision, kind, scores, reads } of effects.evidence) {
        // A presence that late reads took back and found again is the same, by what spoke for it first.
        if (kind === 'presence') continue;
        const content = JSON.stringify([scores, reads]);
        const key = `${id} ${revision}`;
        assert((evidence.get(key) ?? content) === content, 'Evidence is written once.', { id, revision });
        evidence.set(key, content);
      }
      for (const found of effects.discrepancies) {
        formatTime(found.happenedAt);
        discrepancies.set(found.id, found);
        settled.delete(found.id);
      }
      for (const { id } of effects.settled) settled.add(id);
      for (const item of effects.items) {
        formatTime(item.since);
        items.set(item.epc, item);
      }
      if (effects.outcome !== undefined) {
        assert(!outcomes.has(effects.outcome.key), 'A command is answered once.', { key: effects.outcome.key });
        outcomes.set(effects.outcome.key, effects.outcome.outcome);
      }
    },
    movements: () =>
      transactions
        .filter(({ id, supersedes }) => supersedes === undefined && !undone.has(id))
        .sort((a, b) => a.happenedAt - b.happenedAt || (a.id < b.id ? -1 : 1)),
    balances: () => balancesOf(transactions),
    check: (machine) => checkBooks(machine, transactions, items),
  };
}

const keyOf = ({ location, container, status }: Account): string => `${location}|${container}|${status}`;

function balancesOf(transactions: readonly Transaction[]): Map<string, number> {
  const balances = new Map<string, number>();
  const add = (key: string, quantity: number): void => {
    const sum = Math.round(((balances.get(key) ?? 0) + quantity) * 10_000) / 10_000;
    if (sum === 0) balances.delete(key);
    else balances.set(key, sum);
  };
  for (const { postings } of transactions) {
    for (const { sku, lot, owner, quantity, from, to } of postings) {
      add(`${sku}|${lot}|${owner}|${keyOf(from)}`, -quantity);
      add(`${sku}|${lot}|${owner}|${keyOf(to)}`, quantity);
    }
  }
  return balances;
}

function checkBooks(
  { infer }: SiteMachine,
  transactions: readonly Transaction[],
  told: ReadonlyMap<string, ItemEffect>,
): void {
  const balances = balancesOf(transactions);
  let sum = 0;
  for (const quantity of balances.values()) sum += quantity;
  assert(Math.abs(sum) < 1e-6, 'Whatever is somewhere has come from somewhere.', { sum });
  checkMachineBalances(infer.plan, infer.balances, balances);
  const perItem = new Map<string, Map<string, number>>();
  for (const { postings } of transactions) {
    for (const { epc, sku, from, to } of postings) {
      if (epc === undefined) continue;
      const own = perItem.get(epc) ?? new Map<string, number>();
      perItem.set(epc, own);
      own.set(`${sku} ${keyOf(from)}`, (own.get(`${sku} ${keyOf(from)}`) ?? 0) - 1);
      own.set(`${sku} ${keyOf(to)}`, (own.get(`${sku} ${keyOf(to)}`) ?? 0) + 1);
    }
  }
  for (const { epc, state } of infer.book.items.values()) {
    const own = [...(perItem.get(epc) ?? [])].filter(([, quantity]) => quantity !== 0);
    const here = own.filter(([key, quantity]) => quantity > 0 && key.startsWith(`${state.sku} `));
    // What went back to where it had come from is in no account.
    const isBack = state.location === SUPPLIER && own.length === 0;
    // One that is written off may have become another SKU from there: nothing is left of either.
    if (state.inBooks && state.location !== ADJUSTMENT && (perItem.get(epc)?.size ?? 0) > 0 && !isBack) {
      assert(here.length === 1 && here[0]![1] === 1, 'An item is in one account.', { epc, own, state });
      assert(here[0]![0] === `${state.sku} ${keyOf(state)}`, 'It is in the account that the item says.', {
        epc,
        own,
        state,
      });
    }
    const effect = told.get(epc);
    assert(effect?.location === state.location && effect.container === state.container, 'What was told is true.', {
      epc,
      effect,
      state,
    });
    assert(effect.status === state.status && effect.sku === state.sku, 'What was told is true.', {
      epc,
      effect,
      state,
    });
  }
}

function checkMachineBalances(
  plan: SitePlan,
  held: SiteMachine['infer']['balances'],
  balances: ReadonlyMap<string, number>,
): void {
  const machine = new Map<string, number>();
  for (const accounts of held.bySku.values()) {
    for (const { sku, lot, owner, account, quantity } of accounts.values())
      machine.set(`${sku}|${lot}|${owner}|${keyOf(account)}`, quantity);
  }
  const onSite = [...balances].filter(([key]) => plan.locations.has(key.split('|')[3]!));
  for (const [key, quantity] of onSite)
    assert(machine.get(key) === quantity, 'The machines hold the balances of the ledger.', { key, quantity });
  assert(machine.size === onSite.length, 'The machines hold no balance that the ledger does not.', {
    machine: [...machine],
    ledger: onSite,
  });
}
