// The plans as the machines ask and tell them: see infer/planner.ts.
import type { Planner } from '../infer/planner.ts';
import { SUPPLIER } from '../infer/transactions.ts';
import { announcedFor, announcedTold } from './announced/announced.ts';
import { decideAnnounced } from './announced/decide.ts';
import { takeAnnounced } from './announced/tallyAnnounced.ts';
import { appointmentsTold } from './appointments/appointments.ts';
import { noteTrucks, truckSince } from './appointments/arrivals.ts';
import { decideAppointment } from './appointments/decide.ts';
import { dockedTold, noteDock } from './dockToStock.ts';
import { countsTold, decideCount } from './counting/decide.ts';
import { isCountedSince, takeCounts } from './counting/tallyCounts.ts';
import { decideInbound } from './documents.ts';
import { decideImport } from './imports/decide.ts';
import { effectOf } from './inbound.ts';
import { expectationOf } from './lists.ts';
import { isAnnounced, matchOf } from './matching.ts';
import { aboardOf, loadsOf } from './outbound/aboard.ts';
import { noteSeen } from './outbound/benches.ts';
import { decideOutbound, outboundTold } from './outbound/decide.ts';
import { binToPick, isPlanned } from './outbound/picked.ts';
import { learnExpiry } from './outbound/supply.ts';
import { takeOutbound } from './outbound/tallyOut.ts';
import { decidePartner, refusedStranger, withPartner } from './partners/decide.ts';
import { partnersTold } from './partners/partners.ts';
import { decideProduct } from './productCommands.ts';
import { productsTold } from './products.ts';
import { decideFeed } from './feeds/decide.ts';
import { takeFeeds } from './feeds/feeds.ts';
import { decideTransfer, transfersTold } from './transfers/decide.ts';
import { transitFor } from './transfers/sending.ts';
import { takeTransfers } from './transfers/tallyTransfers.ts';
import { noteBatch } from './receive.ts';
import { broughtFor, takeTransactions } from './tally.ts';
import { decideQueue, throughQueue } from './queue/commands.ts';
import { jobsTold } from './queue/queue.ts';
import { refreshQueue } from './queue/refresh.ts';
import { decideReturn } from './returns/decide.ts';
import { returnFor, returnsTold } from './returns/returns.ts';
import { takeReturns } from './returns/tallyReturns.ts';
import { decideTask } from './tasks/commands.ts';
import { isToCrossDock } from './tasks/crossDock.ts';
import { decideRelocation } from './tasks/relocating.ts';
import { takeTasks } from './tasks/taken.ts';
import { tasksTold } from './tasks/tasks.ts';
import { trimWork, type WorkState } from './work.ts';
import { takeAll } from './takeAll.ts';

export const plannerOf = (work: WorkState): Planner => ({
  packOf: (gtin14) => work.products.byGtin.get(gtin14),
  isExpected: (goods) => isAnnounced(work, goods),
  isAnnouncedBack: (item) => {
    const of = announcedFor(work.announced, item);
    // What the books never saw leave is only believed to be with a customer where it is named.
    return of !== undefined && (item.shipped !== undefined || of.line.epcs.has(item.epc));
  },
  isPlanned: (lying) => isPlanned(work.outbound, lying) || isToCrossDock(work.tasks, lying),
  loadsOf: (leaving) => loadsOf(work.outbound, leaving),
  aboardOf: (load, stock) => aboardOf(work.outbound, load, stock),
  transitFor: (lying) =>
    transitFor(work, lying) ?? (returnFor(work.supplierReturns, lying) === undefined ? undefined : SUPPLIER),
  underWay: (goods) => {
    const match = matchOf(work, goods);
    return match?.kind === 'line' ? match.inbound.transit : undefined;
  },
  binOf: (sku, lot) => binToPick(work.outbound, sku, lot),
  expectationOf: (epc, portal, at) => expectationOf(work, epc, portal, at),
  epcOf: (identity) => lowest(work.index.byIdentity.get(identity) ?? []),
  awaits: (goods) => matchOf(work, goods) !== undefined,
  returnOf(goods) {
    const of = announcedFor(work.announced, { ...goods, owner: undefined });
    return of && { lot: goods.lot || of.line.lot, owner: of.one.owner };
  },
  noteBatch(goods, quantity, expiry) {
    const match = matchOf(work, goods);
    if (match?.kind === 'line') noteBatch(match.line, goods.lot, expiry, quantity);
    learnExpiry(work.outbound, goods.sku, goods.lot, expiry);
  },
  decide(said, request, draft) {
    const { clock } = work.tasks;
    clock.at = Math.max(clock.at, request.at);
    const command = withPartner(work.partners, said);
    const stranger = refusedStranger(work, command, request);
    if (stranger !== undefined) return stranger;
    if (command.kind === 'import') return decideImport(work, command, request, draft);
    return throughQueue(
      work,
      command,
      request,
      () =>
        decideInbound(work, command, request, draft) ??
        decideOutbound(work.outbound, command, request, draft, (location, sku, at) =>
          isCountedSince(work.counts, location, sku, at),
        ) ??
        decideProduct(work, command, request) ??
        decidePartner(work, command, request) ??
        decideReturn(work, command, request, draft) ??
        decideAnnounced(work, command, request, draft) ??
        decideAppointment(work, command, request) ??
        decideTask(work.tasks, command, request, draft) ??
        decideRelocation(work, command, request) ??
        decideQueue(work, command, request) ??
        decideCount(work, command, request, draft) ??
        decideTransfer(work, command, request, draft) ??
        decideFeed(work, command, request, draft),
    );
  },
  replanned() {
    work.tasks.row.isReplanned = true;
    work.queue.row.isAll = true;
  },
  forget: (now) => trimWork(work, now),
  seen: (seen) => noteSeen(work.outbound, seen),
  take(site, transactions, draft) {
    takeTransactions(work, site.plan, transactions, draft);
    noteTrucks(work);
    noteDock(work.docks, site.plan, transactions, (transaction, at) => {
      const of = broughtFor(work, transaction);
      return of && { ...of, truckAt: truckSince(work, of.inbound, at) };
    });
    takeOutbound(work.outbound, site, transactions, draft);
    takeTransfers(work, site.plan, transactions, draft);
    takeReturns(work.supplierReturns, site.plan, transactions, draft);
    takeAnnounced(work.announced, site.plan, transactions, draft);
    takeFeeds(work.feeds, site.plan, transactions);
    takeCounts(work.counts, site.plan, transactions, draft);
    takeTasks(work, site, transactions, draft);
    noteTrucks(work);
    refreshQueue(work, site.plan, site.adjustments);
  },
  told() {
    const { orders, picks, loads, cartons, pickErrors } = outboundTold(work.outbound);
    const { transfers, notices } = transfersTold(work.transfers);
    // Each by its name: it is made with every row, and putting objects into one another costs more than all that is in them.
    return {
      inbounds: takeAll(work.untold, ([id, changed]) => effectOf(work.inbounds.get(id)!, changed)),
      lists: takeAll(work.untoldLists, (list) => {
        const { direction, door, since, epcs } = work.lists.get(list)!.at(-1)!;
        return { list, direction, door, since, epcs: [...epcs] };
      }),
      orders,
      picks,
      loads,
      cartons,
      pickErrors,
      products: productsTold(work.products),
      docked: dockedTold(work.docks),
      tasks: tasksTold(work.tasks),
      jobs: jobsTold(work.queue),
      counts: countsTold(work.counts),
      transfers,
      partners: partnersTold(work.partners),
      supplierReturns: returnsTold(work.supplierReturns),
      announcedReturns: announcedTold(work.announced),
      appointments: appointmentsTold(work.appointments),
      notices,
      snapshots: work.feeds.untold.splice(0),
    };
  },
});

/** Of tags that are called the same the lower EPC stands for both, whatever order they were listed in. */
function lowest(epcs: Iterable<string>): string | undefined {
  let found: string | undefined;
  for (const epc of epcs) if (found === undefined || epc < found) found = epc;
  return found;
}
