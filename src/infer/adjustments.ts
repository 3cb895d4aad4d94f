// Corrections that people make: found or missing, on hold or released, gone, scrapped. Each says why by a code that the site knows, and
// is kept with its history. One over the limit waits until somebody else approves it.
import { WORLD } from '../config/site.ts';
import { contentId } from '../kit/ids.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import { ADJUSTMENT_OTHER, type AdjustmentCommand } from '../wire/adjusting.ts';
import type { AdjustmentEffect } from './adjustmentEffects.ts';
import { balanceOf, inBooks, type Stock } from './balances.ts';
import {
  claiming,
  claimOf,
  post,
  refused,
  unknownLocation,
  virtual,
  type Decided,
  type Of,
  type Place,
} from './commandPlace.ts';
import { draftEffects, type Account, type EffectsDraft } from './effects.ts';
import { ADJUSTMENT } from './transactions.ts';

/** An adjustment that waits for approval. */
interface Held {
  readonly command: AdjustmentCommand;
  readonly effect: AdjustmentEffect;
}

export interface Adjustments {
  readonly waiting: Map<string, Held>;
  /** Since it was last told. */
  readonly untold: AdjustmentEffect[];
}

export const openAdjustments = (): Adjustments => ({ waiting: new Map(), untold: [] });

/** Adjustments that may wait; one more is refused. */
const WAITING_MAX = 5000;

/** Carries it out, or keeps it until somebody else approves it. */
export function adjusting(place: Place, command: AdjustmentCommand, draft: EffectsDraft): Decided {
  const { adjustments, plan, row } = place;
  const { codes, approveOverUnits } = plan.rules.adjustment;
  const code = command.code ?? codeOf(command, codes);
  if (command.code !== undefined && !codes.includes(code!))
    return refused('unknown-reason', `code: ${code} is none of ${codes.join(', ')}.`);
  const tried = draftEffects();
  const decided = carryOut(place, command, tried);
  if (decided.outcome.status === 'refused') return decided;
  if (code === undefined) return refused('incomplete', `code: say why it is held, by one of ${codes.join(', ')}.`);
  const effect = effectOf(place, command, code);
  const units = command.kind === 'hold' ? 0 : Math.abs(effect.quantity);
  if (units > approveOverUnits) {
    if (adjustments.waiting.size >= WAITING_MAX)
      return refused(
        'too-many-adjustments',
        `${WAITING_MAX} adjustments wait for approval: approve or reject those first.`,
      );
    const held = { ...effect, state: 'waiting' as const };
    adjustments.waiting.set(held.id, { command, effect: held });
    adjustments.untold.push(held);
    return {
      outcome: { status: 'done', transactions: [], detail: { adjustment: held.id, state: held.state, by: row.actor } },
      claims: [],
      withdrawals: [],
    };
  }
  draft.transactions.push(...tried.transactions);
  adjustments.untold.push(effect);
  return { ...decided, outcome: { ...decided.outcome, detail: { adjustment: effect.id, state: effect.state } } };
}

/**
 * The code of one that says none: whoever holds stock must say why, unless the status says it, as `damaged` does; undefined when it does not.
 * What is released, found, missing or gone is `other`, as it was before there were codes.
 */
function codeOf(command: AdjustmentCommand, codes: readonly string[]): string | undefined {
  if (command.kind !== 'hold' || !HELD.has(command.status)) return ADJUSTMENT_OTHER;
  return codes.find((code) => code === command.status);
}

/** Statuses in which nobody may have it. */
const HELD: ReadonlySet<string> = new Set(['quality', 'damaged', 'blocked']);

export function approveAdjustment(place: Place, command: Of<'approve-adjustment'>, draft: EffectsDraft): Decided {
  const { adjustments, row } = place;
  const held = adjustments.waiting.get(command.adjustment);
  if (held === undefined)
    return refused('unknown-adjustment', `No adjustment ${command.adjustment} waits for approval.`);
  if (held.effect.by === row.actor)
    return refused(
      'own-adjustment',
      `${row.actor} asked for it: somebody else approves it (X-Operator says who asks).`,
    );
  const { isApproved = true } = command;
  const effect = {
    ...held.effect,
    state: isApproved ? ('posted' as const) : ('rejected' as const),
    decidedBy: row.actor,
    decidedAt: row.receivedAt,
  };
  const asked = { ...row, actor: held.effect.by, command: held.command };
  const decided: Decided = isApproved
    ? carryOut({ ...place, row: asked, at: held.effect.at }, held.command, draft)
    : { outcome: { status: 'done', transactions: [] }, claims: [], withdrawals: [] };
  if (decided.outcome.status === 'refused') return decided;
  adjustments.waiting.delete(held.effect.id);
  adjustments.untold.push(effect);
  return { ...decided, outcome: { ...decided.outcome, detail: { adjustment: effect.id, state: effect.state } } };
}

/** What has changed since it was last asked. */
export const adjustmentsTold = ({ untold }: Adjustments): AdjustmentEffect[] => untold.splice(0);

function effectOf({ row, at, book }: Place, command: AdjustmentCommand, code: string): AdjustmentEffect {
  const epc = command.epc === undefined ? undefined : identify(command.epc).epc;
  const state = epc === undefined ? undefined : book.items.get(epc)?.state;
  const said = 'sku' in command ? command : undefined;
  const location = state?.location ?? ('location' in command ? command.location : undefined) ?? WORLD;
  const much = epc === undefined ? (said?.quantity ?? 0) : 1;
  return {
    id: contentId('adjustment', row.site, row.key),
    kind: command.kind,
    epc,
    sku: state?.sku ?? said?.sku,
    lot: state?.lot ?? said?.lot ?? '',
    owner: state?.owner ?? said?.owner ?? '',
    location,
    status: 'status' in command ? (command.status ?? 'available') : (state?.status ?? ''),
    quantity: command.kind === 'remove' || command.kind === 'scrap' ? -much : much,
    code,
    reason: command.reason,
    by: row.actor,
    at,
    state: 'posted',
    decidedBy: undefined,
    decidedAt: undefined,
  };
}

function carryOut(place: Place, command: AdjustmentCommand, draft: EffectsDraft): Decided {
  switch (command.kind) {
    case 'adjust':
      return adjust(place, command, draft);
    case 'hold':
      return hold(place, command, draft);
    case 'remove':
      return claiming(place, [claimOf(place, command.epc, { kind: 'remove' })]);
    case 'scrap':
      return scrap(place, command, draft);
  }
}

function adjust(place: Place, command: Of<'adjust'>, draft: EffectsDraft): Decided {
  const unknown = unknownLocation(place.plan, command.location);
  if (unknown !== undefined || command.location === WORLD)
    return unknown ?? refused('unknown-location', 'location: stock outside is not adjusted.');
  if (command.quantity === 0) return refused('nothing', 'quantity: 0 changes nothing.');
  const here: Account = { location: command.location, container: '', status: command.status ?? 'available' };
  const found = command.quantity > 0;
  return post(
    place,
    draft,
    'adjust',
    command,
    Math.abs(command.quantity),
    found ? virtual(ADJUSTMENT) : here,
    found ? here : virtual(ADJUSTMENT),
    found ? WORLD : command.location,
    found ? command.location : WORLD,
  );
}

function hold(place: Place, command: Of<'hold'>, draft: EffectsDraft): Decided {
  if (command.epc !== undefined)
    return claiming(place, [claimOf(place, command.epc, { kind: 'status', status: command.status })]);
  if (command.sku === undefined || command.quantity === undefined || command.location === undefined) {
    return refused(
      'incomplete',
      'Say epc for an item, or sku, quantity and location for stock without serial numbers.',
    );
  }
  const unknown = unknownLocation(place.plan, command.location);
  if (unknown !== undefined) return unknown;
  const fromStatus = command.fromStatus ?? 'available';
  if (fromStatus === command.status) return refused('nothing', `status: it is ${command.status} already.`);
  const here = { location: command.location, container: '' };
  const before = { ...here, status: fromStatus };
  const tagged = taggedAt(place, command, before);
  const untagged = inBooks(balanceOf(place.balances, stockOf(command), before) - tagged);
  if (tagged > 0 && command.quantity > untagged)
    return refused(
      'item-needed',
      `${tagged} of ${command.sku} that lie at ${command.location} have tags: say the epc of each that it is about.`,
    );
  return post(
    place,
    draft,
    'adjust',
    command,
    command.quantity,
    before,
    { ...here, status: command.status },
    command.location,
    command.location,
  );
}

const stockOf = ({ sku, lot = '', owner = '' }: Of<'hold'>): Stock => ({ sku: sku!, lot, owner });

/** Items with a tag among a stock as it lies there. */
function taggedAt({ book }: Place, command: Of<'hold'>, { location, container, status }: Account): number {
  const { sku, lot, owner } = stockOf(command);
  if ((book.serialised.get(sku) ?? 0) === 0) return 0;
  let tagged = 0;
  for (const { kind, state } of book.items.values((one) => one === location))
    if (
      kind !== 'container' &&
      state.inBooks &&
      state.sku === sku &&
      state.lot === lot &&
      state.owner === owner &&
      state.container === container &&
      state.status === status
    )
      tagged++;
  return tagged;
}

/** Taken off the books, and brought to where scrap goes: row 19. */
function scrap(place: Place, command: Of<'scrap'>, draft: EffectsDraft): Decided {
  const { plan, book } = place;
  if (command.code === undefined) return refused('incomplete', 'code: say why it is scrapped.');
  const to = command.to ?? [...plan.locations.values()].find(({ kind }) => kind === 'scrap')?.id;
  if (to === undefined || plan.kindOf(to) !== 'scrap')
    return refused('unknown-location', `to: ${to ?? 'nothing'} is no location of kind scrap of ${plan.site}.`);
  if (command.epc !== undefined) {
    const state = book.items.get(identify(command.epc).epc)?.state;
    if (state === undefined || !plan.locations.has(state.location))
      return refused('unknown-item', `epc: ${command.epc} is not here for the books.`);
    return claiming(place, [claimOf(place, command.epc, { kind: 'scrap', to })]);
  }
  const { sku, quantity, location, status = 'available' } = command;
  if (sku === undefined || quantity === undefined || location === undefined)
    return refused(
      'incomplete',
      'Say epc for an item, or sku, quantity and location for stock without serial numbers.',
    );
  const unknown = unknownLocation(plan, location);
  if (unknown !== undefined || location === WORLD)
    return unknown ?? refused('unknown-location', 'location: stock outside is not scrapped.');
  const here: Account = { location, container: '', status };
  return post(place, draft, 'adjust', command, quantity, here, virtual(ADJUSTMENT), location, to);
}
