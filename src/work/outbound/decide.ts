// Commands about what goes out, each to whoever decides it.
import type { EffectsDraft, WorkEffects } from '../../infer/effects.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { Command } from '../../wire/command.ts';
import { cartonEffect, packedOf } from './carton.ts';
import { cancelCarton, closeCarton, openCarton, reopenCarton, unpackItem } from './cartons.ts';
import { confirm } from './confirming.ts';
import { loadEffect } from './load.ts';
import { amendLoad, closeLoad, openLoad } from './loads.ts';
import { orderEffect } from './order.ts';
import { amend, cancel, enter, unknownOrder } from './orders.ts';
import type { Outbound } from './outbound.ts';
import { packItem } from './packing.ts';
import { bookParcel, handOver, voidParcel } from './parcels.ts';
import { pickEffect } from './pick.ts';
import { wrongPick, type CountedSince } from './pickErrors.ts';
import { short } from './picking.ts';
import { quote } from './quoting.ts';
import { release } from './releasing.ts';
import { sortPick } from './sorting.ts';
import { takeAll } from '../takeAll.ts';

/** Decides a command about orders, pick lists and loads; undefined for any other. */
export function decideOutbound(
  outbound: Outbound,
  command: Command,
  request: WorkRequest,
  draft: EffectsDraft,
  isCountedSince: CountedSince,
): WorkAnswer | undefined {
  switch (command.kind) {
    case 'order':
      return enter(outbound, command, request, draft);
    case 'quote-order':
      return quote(outbound, command, request);
    case 'amend-order':
    case 'cancel-order': {
      const order = outbound.orders.get(command.order);
      if (order === undefined) return unknownOrder(outbound, command.order, request);
      return command.kind === 'amend-order'
        ? amend(outbound, order, command, request, draft)
        : cancel(outbound, order, request, draft);
    }
    case 'release':
      return release(outbound, command, request);
    case 'confirm-pick':
      return confirm(outbound, command, request, draft);
    case 'short-pick':
      return short(outbound, command, request, draft);
    case 'sort-pick':
      return sortPick(outbound, command, request);
    case 'open-load':
      return openLoad(outbound, command, request);
    case 'amend-load':
      return amendLoad(outbound, command, request);
    case 'close-load':
      return closeLoad(outbound, command, request, draft);
    case 'open-carton':
      return openCarton(outbound, command, request);
    case 'pack-item':
      return packItem(outbound, command, request, draft);
    case 'unpack-item':
      return unpackItem(outbound, command, request, draft);
    case 'close-carton':
      return closeCarton(outbound, command, request);
    case 'reopen-carton':
      return reopenCarton(outbound, command, request);
    case 'cancel-carton':
      return cancelCarton(outbound, command, request, draft);
    case 'book-parcel':
      return bookParcel(outbound, command, request);
    case 'void-parcel':
      return voidParcel(outbound, command, request);
    case 'hand-over':
      return handOver(outbound, command, request);
    case 'wrong-pick':
      return wrongPick(outbound, command, request, draft, isCountedSince);
    default:
      return undefined;
  }
}

/** What has changed since it was last asked. */
export function outboundTold(
  outbound: Outbound,
): Pick<WorkEffects, 'orders' | 'picks' | 'loads' | 'cartons' | 'pickErrors'> {
  const { orders, picks, loads, cartons, untold } = outbound;
  const told = {
    orders: takeAll(untold.order, ([id, lines]) => {
      const order = orders.get(id)!;
      return orderEffect(order, lines, (line) => packedOf(outbound, order, line), untold.shipment.get(id));
    }),
    picks: takeAll(untold.pick, ([id, lines]) => pickEffect(picks.get(id)!, lines)),
    loads: takeAll(untold.load, (id) => loadEffect(loads.get(id)!)),
    cartons: takeAll(untold.carton, (sscc) => cartonEffect(cartons.get(sscc)!)),
    pickErrors: outbound.pickErrors.splice(0),
  };
  if (untold.shipment.size > 0) untold.shipment.clear();
  return told;
}
