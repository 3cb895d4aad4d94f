// An order that names no site, or several: the writers of the sites are asked what they could promise, and the order is entered where the rule
// says, only if it is still promised there. So nothing is promised twice, whoever asks at the same moment: each site decides by itself.
import { Type, type Static } from 'typebox';
import type { SitePlan } from '../config/plan.ts';
import { inBooks } from '../infer/balances.ts';
import { newUuid } from '../kit/ids.ts';
import type { OrderDocument, OrderSourcing } from '../wire/outbound.ts';
import type { CommandAnswer } from './commands.ts';
import type { Context } from './context.ts';
import { settleTries, tryToEnter } from './orderTries.ts';
import { ApiFault } from './problem.ts';
import { refuseTraining } from './trainingMark.ts';
import {
  deliveryFrom,
  divided,
  offersStock,
  placeToWait,
  sumOf,
  whyWhole,
  wholeOffers,
  type Offer,
} from './sourcingRule.ts';

/** Sites that are asked for one order. */
export const CANDIDATES_MAX = 50;
/** Somebody else was faster so often: then it waits where most of it is. */
const ATTEMPTS_MAX = 5;

export interface Asked {
  readonly sites: readonly string[] | undefined;
  readonly split: boolean;
  readonly region: string | undefined;
  readonly document: OrderDocument;
  readonly key: string;
  readonly actor: string;
}

const Placed = Type.Object({
  site: Type.String(),
  reason: Type.String(),
  lines: Type.Array(
    Type.Object({ line: Type.String(), quantity: Type.Number(), reserved: Type.Number(), backordered: Type.Number() }),
  ),
});
type Placed = Static<typeof Placed>;

/** Orders that are being placed, by number: the same number twice at once is placed one after the other. */
const underWay = new Map<string, Promise<unknown>>();

export async function sourceOrder(context: Context, asked: Asked): Promise<CommandAnswer> {
  const { order } = asked.document;
  const before = underWay.get(order);
  const placing = (before ?? Promise.resolve()).catch(() => undefined).then(() => place(context, asked));
  underWay.set(order, placing);
  try {
    return await placing;
  } finally {
    if (underWay.get(order) === placing) underWay.delete(order);
  }
}

async function place(context: Context, asked: Asked): Promise<CommandAnswer> {
  const plans = await candidatesOf(context, asked);
  await settleTries(
    context,
    asked.document.order,
    plans.map(({ site }) => site),
    asked.actor,
  );
  try {
    return await placeAmong(context, asked, plans);
  } catch (error) {
    // What an earlier try of this request had under way has come in meanwhile: it is found now. Another one's is refused.
    if (error instanceof ApiFault && error.code === 'order-exists') return placeAmong(context, asked, plans);
    throw error;
  }
}

async function placeAmong(context: Context, asked: Asked, plans: readonly SitePlan[]): Promise<CommandAnswer> {
  const { document, key } = asked;
  const placed = await placedBefore(context, asked, plans);
  let left = document.lines.map(({ quantity }) => quantity);
  for (const { lines } of placed)
    left = left.map((quantity, index) =>
      inBooks(quantity - (lines.find(({ line }) => line === document.lines[index]!.line)?.quantity ?? 0)),
    );
  const free = plans.filter(({ site }) => !placed.some((one) => one.site === site));
  let considered: readonly Offer[] = [];
  if (sumOf(left) > 0) {
    const done = await placeLeft(context, asked, free, left);
    placed.push(...done.placed);
    considered = done.considered;
  }
  const backordered = placed.flatMap(({ lines }) => lines).reduce((sum, line) => inBooks(sum + line.backordered), 0);
  return {
    status: 'done',
    transactions: [],
    key,
    detail: {
      order: document.order,
      placed,
      backordered,
      considered: considered.map(({ promisable, ...offer }) => ({ ...offer, promisable: sumOf(promisable) })),
    },
  };
}

/** The sites that are named, else all that offer their stock to orders that name none. */
async function candidatesOf({ catalogue }: Context, { sites }: Asked): Promise<readonly SitePlan[]> {
  const plans =
    sites === undefined
      ? (await catalogue.asked(undefined)).filter((plan) => offersStock(plan))
      : await Promise.all([...new Set(sites)].map((site) => catalogue.one(site)));
  for (const { site } of plans) refuseTraining(catalogue, site, 'an order for it names it as its `site`');
  if (plans.length === 0)
    throw new ApiFault(
      422,
      'no-candidate',
      'No site offers its stock to orders that name none: name one (`site`), or write `sourcing` into a site file.',
    );
  if (plans.length > CANDIDATES_MAX)
    throw new ApiFault(
      422,
      'no-candidate',
      `sites: at most ${CANDIDATES_MAX} are asked for one order; name those that it may come from.`,
    );
  return plans;
}

/** What an earlier try of the same request has placed already. Throws `order-exists` for a number that is another order's. */
async function placedBefore(
  { pool }: Context,
  { document: { order }, key }: Asked,
  plans: readonly SitePlan[],
): Promise<Placed[]> {
  const { rows } = await pool.query<{
    site: string;
    sourcing: OrderSourcing | null;
    line: string;
    quantity: number;
    has: number;
  }>({
    name: 'sourced-before',
    text: `select o.site, o.sourcing, l.line, l.quantity, l.reserved + l.planned + l.picked + l.shipped as has
           from customer_order o join order_line l using (site, order_id)
           where o.site = any ($1) and o.order_id = $2 order by o.site, l.ordinal`,
    values: [plans.map(({ site }) => site), order],
  });
  const other = rows.find(({ sourcing }) => sourcing?.request !== key);
  if (other !== undefined)
    throw new ApiFault(
      409,
      'order-exists',
      `${order} was entered before, at ${other.site}: amend it there, or take another number.`,
    );
  return [...new Set(rows.map(({ site }) => site))].map((site) => {
    const own = rows.filter((row) => row.site === site);
    return {
      site,
      reason: own[0]!.sourcing!.reason,
      lines: own.map(({ line, quantity, has }) => ({
        line,
        quantity,
        reserved: has,
        backordered: Math.max(0, inBooks(quantity - has)),
      })),
    };
  });
}

interface Done {
  readonly placed: readonly Placed[];
  readonly considered: readonly Offer[];
}

async function placeLeft(
  context: Context,
  asked: Asked,
  plans: readonly SitePlan[],
  quantities: readonly number[],
): Promise<Done> {
  let left = [...quantities];
  const placed: Placed[] = [];
  let considered: readonly Offer[] = [];
  let free = [...plans];
  for (let attempt = 0; attempt < ATTEMPTS_MAX && free.length > 0; attempt++) {
    const offers = await offersOf(context, asked, free, left);
    if (considered.length === 0) considered = offers;
    const whole = wholeOffers(offers, left);
    if (whole.length > 0) {
      const reason = placed.length === 0 ? whyWhole(whole, sumOf(left)) : `${whole[0]!.site} has all of the rest.`;
      const one = await tryAt(context, asked, whole[0]!.site, left, reason);
      if (one !== undefined) return { placed: [...placed, one], considered };
      continue;
    }
    const { shares, left: short } = divided(offers, left);
    if (!asked.split || shares.length <= 1) break;
    // The site with the largest part comes last: what no site has waits there.
    const [first, ...others] = shares;
    const reason = `No site has all of it, and it may be divided: to the sites that have most of it.`;
    let isLost = false;
    for (const share of others) {
      const one = await tryAt(context, asked, share.site, share.quantities, reason);
      if (one === undefined) {
        isLost = true;
        break;
      }
      placed.push(one);
      free = free.filter(({ site }) => site !== share.site);
      left = left.map((quantity, index) => inBooks(quantity - share.quantities[index]!));
    }
    if (isLost) continue;
    if (sumOf(short) > 0)
      return { placed: [...placed, await waitAt(context, asked, first!.site, left, reason)], considered };
    const one = await tryAt(context, asked, first!.site, left, reason);
    if (one !== undefined) return { placed: [...placed, one], considered };
  }
  const offers = await offersOf(context, asked, free, left);
  const best = placeToWait(offers, left);
  if (best === undefined)
    throw new ApiFault(
      503,
      'outcome-pending',
      `No site has answered in time. Ask again with Idempotency-Key ${asked.key}.`,
    );
  const has = sumOf(left.map((quantity, index) => Math.min(quantity, best.promisable[index]!)));
  const reason =
    has === 0
      ? 'No site has any of it: it waits where it would come from soonest.'
      : `No site has all of it${asked.split ? '' : ', and it may not be divided'}: ${best.site} has most, ${has} of ${sumOf(left)}, and it waits there for the rest.`;
  return { placed: [...placed, await waitAt(context, asked, best.site, left, reason)], considered };
}

/** What each could promise now. A site whose writer does not answer, or that refuses it, is left out, unless all do. */
async function offersOf(
  { commands }: Context,
  { document, region, actor }: Asked,
  plans: readonly SitePlan[],
  left: readonly number[],
): Promise<Offer[]> {
  const wanted = documentOf(document, left);
  const faults: ApiFault[] = [];
  const offers = await Promise.all(
    plans.map(async (plan): Promise<Offer | undefined> => {
      try {
        const { detail } = await commands.run(plan.site, newUuid(), actor, { kind: 'quote-order', ...wanted });
        const told = (detail as { lines: { line: string; promisable: number }[] }).lines;
        const promisable = document.lines.map(({ line }) => told.find((one) => one.line === line)?.promisable ?? 0);
        return { site: plan.site, promisable, ...deliveryFrom(plan, region) };
      } catch (error) {
        // A site decides its rows in order: what was under way there is decided before what is asked now.
        if (!(error instanceof ApiFault) || error.code === 'order-exists') throw error;
        faults.push(error);
        return undefined;
      }
    }),
  );
  const answered = offers.filter((offer) => offer !== undefined);
  if (answered.length === 0) throw faults[0]!;
  return answered;
}

/** Only the lines of which something is asked, in so much. */
function documentOf(document: OrderDocument, quantities: readonly number[]): OrderDocument {
  const lines = document.lines.flatMap((line, index) =>
    quantities[index]! > 0 ? [{ ...line, quantity: quantities[index]! }] : [],
  );
  return { ...document, lines };
}

/** Enters so much of it there when all of that is promised at once; undefined when somebody else was faster. */
async function tryAt(
  context: Context,
  asked: Asked,
  site: string,
  quantities: readonly number[],
  reason: string,
): Promise<Placed | undefined> {
  try {
    return await enterAt(context, asked, site, quantities, reason, { onlyPromised: true });
  } catch (error) {
    if (error instanceof ApiFault && error.code === 'not-promisable') return undefined;
    throw error;
  }
}

/** Enters it there, and what is not promised waits; one that may be divided takes what there is. */
const waitAt = (
  context: Context,
  asked: Asked,
  site: string,
  quantities: readonly number[],
  reason: string,
): Promise<Placed> => enterAt(context, asked, site, quantities, reason, asked.split ? { partial: true } : {});

async function enterAt(
  context: Context,
  { document, key, actor }: Asked,
  site: string,
  quantities: readonly number[],
  reason: string,
  more: { readonly onlyPromised?: true; readonly partial?: true },
): Promise<Placed> {
  const wanted = documentOf(document, quantities);
  const command = { kind: 'order', ...wanted, ...more, sourcing: { request: key, reason } } as const;
  const { detail } = await tryToEnter(context, site, actor, command);
  const told = (detail as { lines: { line: string; reserved: number; backordered: number }[] }).lines;
  return {
    site,
    reason,
    lines: told.map((line, index) => ({ ...line, quantity: wanted.lines[index]!.quantity })),
  };
}
