// A task: so much of a stock is to be brought from where it stands to a bin, for which room is kept until it is there.
import { balanceOf, inBooks, type Stock } from '../../infer/balances.ts';
import type { Account } from '../../infer/effects.ts';
import type { TaskEffect } from '../../infer/taskEffects.ts';
import type { TaskKind, TaskRule } from '../../wire/task.ts';
import type { Around } from '../outbound/outbound.ts';

/** Stock that stands in one account. */
export interface Standing extends Stock {
  readonly account: Account;
}

export interface Task {
  readonly id: string;
  /** Counts up: the older task has the lower one. */
  readonly number: number;
  readonly kind: TaskKind;
  readonly of: Standing;
  to: string | undefined;
  rule: TaskRule | undefined;
  reason: string;
  /** The line of an order that waits for it, when it goes there at once and not to a bin. A former release had none. */
  readonly wants?: TaskEffect['wants'];
  quantity: number;
  done: number;
  gone: number;
  claim: { readonly by: string; readonly until: number } | undefined;
  readonly createdAt: number;
  changedAt: number;
  endedAt: number | undefined;
  /** Transaction → how much of it was brought by that. */
  readonly doneBy: Map<string, number>;
}

/** What is still to be brought. */
export const openOf = ({ quantity, done, gone }: Task): number => Math.max(0, inBooks(quantity - done - gone));

/** Does somebody have it at that moment? */
export const isClaimed = ({ claim }: Task, at: number): boolean => claim !== undefined && claim.until > at;

const SEPARATOR = '\u001e';
/** What is said of stock that stands somewhere is found under this. */
export const standingKey = ({ sku, lot, owner, account: { location, container, status } }: Standing): string =>
  [location, container, status, sku, lot, owner].join(SEPARATOR);

export function standingOf(key: string): Standing {
  const [location = '', container = '', status = '', sku = '', lot = '', owner = ''] = key.split(SEPARATOR);
  return { sku, lot, owner, account: { location, container, status } };
}

/** What the books have there; never less than nothing. */
export const standing = ({ balances }: Pick<Around, 'balances'>, of: Standing): number =>
  Math.max(0, balanceOf(balances, of, of.account));

export function taskEffect(task: Task): TaskEffect {
  const { of, to, rule, reason, wants, quantity, done, gone, claim } = task;
  const { location: from, container, status } = of.account;
  return {
    id: task.id,
    kind: task.kind,
    sku: of.sku,
    lot: of.lot,
    owner: of.owner,
    from,
    container,
    status,
    to,
    rule,
    reason,
    wants,
    quantity,
    done,
    gone,
    state: openOf(task) > 0 ? 'open' : done > 0 ? 'done' : 'gone',
    claim,
    createdAt: task.createdAt,
    changedAt: task.changedAt,
  };
}
