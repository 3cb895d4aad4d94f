// The plans as the machines ask and tell them: see infer/planner.ts.
import type { Planner } from '../infer/planner.ts';
import { countsTold, decideCount } from './counting/decide.ts';
import { takeCounts } from './counting/tallyCounts.ts';
import { decideInbound } from './documents.ts';
import { effectOf } from './inbound.ts';
import { expectationOf } from './lists.ts';
import { isAnnounced, matchOf } from './matching.ts';
import { decideOutbound, outboundTold } from './outbound/decide.ts';
import { binToPick, isPlanned } from './outbound/picked.ts';
import { learnExpiry } from './outbound/supply.ts';
import { takeOutbound } from './outbound/tallyOut.ts';
import { decideFeed } from './feeds/decide.ts';
import { takeFeeds } from './feeds/feeds.ts';
import { decideTransfer, transfersTold } from './transfers/decide.ts';
import { transitFor } from './transfers/sending.ts';
import { takeTransfers } from './transfers/tallyTransfers.ts';
import { noteBatch } from './receive.ts';
import { takeTransactions } from './tally.ts';
import type { WorkState } from './work.ts';

export const plannerOf = (work: WorkState): Planner => ({
  isExpected: (goods) => isAnnounced(work, goods),
  isPlanned: (lying) => isPlanned(work.outbound, lying),
  transitFor: (lying) => transitFor(work, lying),
  underWay: (goods) => {
    const match = matchOf(work, goods);
    return match?.kind === 'line' ? match.inbound.transit : undefined;
  },
  binOf: (sku, lot) => binToPick(work.outbound, sku, lot),
  expectationOf: (epc, portal, at) => expectationOf(work, epc, portal, at),
  epcOf: (identity) => lowest(work.index.byIdentity.get(identity) ?? []),
  awaits: (goods) => matchOf(work, goods) !== undefined,
  noteBatch(goods, quantity, expiry) {
    const match = matchOf(work, goods);
    if (match?.kind === 'line') noteBatch(match.line, goods.lot, expiry, quantity);
    learnExpiry(work.outbound, goods.sku, goods.lot, expiry);
  },
  decide: (command, request, draft) =>
    decideInbound(work, command, request, draft) ??
    decideOutbound(work.outbound, command, request, draft) ??
    decideCount(work, command, request, draft) ??
    decideTransfer(work, command, request, draft) ??
    decideFeed(work, command, request, draft),
  take(site, transactions, draft) {
    takeTransactions(work, site.plan, transactions, draft);
    takeOutbound(work.outbound, site, transactions, draft);
    takeTransfers(work.transfers, site.plan, transactions);
    takeFeeds(work.feeds, site.plan, transactions);
    takeCounts(work.counts, site.plan, transactions, draft);
  },
  told() {
    const outbound = {
      ...outboundTold(work.outbound),
      counts: countsTold(work.counts),
      ...transfersTold(work.transfers),
      snapshots: work.feeds.untold.splice(0),
    };
    if (work.untold.size === 0 && work.untoldLists.size === 0) return { ...NOTHING, ...outbound };
    const inbounds = [...work.untold].map(([id, changed]) => effectOf(work.inbounds.get(id)!, changed));
    const lists = [...work.untoldLists].map((list) => {
      const { direction, door, since, epcs } = work.lists.get(list)!.at(-1)!;
      return { list, direction, door, since, epcs: [...epcs] };
    });
    work.untold.clear();
    work.untoldLists.clear();
    return { inbounds, lists, ...outbound };
  },
});

/** Of tags that are called the same the lower EPC stands for both, whatever order they were listed in. */
function lowest(epcs: Iterable<string>): string | undefined {
  let found: string | undefined;
  for (const epc of epcs) if (found === undefined || epc < found) found = epc;
  return found;
}

const NOTHING = { inbounds: [], lists: [] } as const;
