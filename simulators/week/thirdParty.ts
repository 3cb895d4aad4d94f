// Stock at a 3PL: sent there by transfer, told by what it says of movements and by a snapshot every evening. It loses some, once.
import type { FeedEntry } from '../../src/wire/feed.ts';
import { PLAIN } from './goods.ts';
import { at as spot, type House } from './house.ts';
import { releaseWave } from './orders.ts';
import { THIRD_PARTY } from './sites.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './times.ts';
import type { Spot } from './truth.ts';
import type { Week } from './week.ts';

const CLERK = 'cleo';
const SYSTEM = 'fulfil-edi';
const STAGING = 'OUT';
const STOCK: Spot = { site: THIRD_PARTY, location: 'STOCK', status: 'available' };
const OPENING = 300;
const SENT = 15;
const LOST = 3;
const PRODUCTS = PLAIN.slice(0, 2);

/** What it holds when the week begins. */
export function openThirdParty(week: Week): void {
  for (const { sku } of PRODUCTS) week.truth.change(STOCK, sku, '', OPENING);
  snapshot(week);
}

function snapshot(week: Week): void {
  const lines = PRODUCTS.map(({ sku }) => ({ sku, quantity: week.truth.plainAt(STOCK, sku) }));
  week.say(THIRD_PARTY, SYSTEM, { kind: 'snapshot', asOf: new Date(week.now()).toISOString(), lines });
  week.truth.count(THIRD_PARTY, STOCK.location);
}

/** One day: some is sent there, what was sent the day before comes, customers are served, and in the evening it says what it has. */
export function planThirdParty(week: Week, from: House, day: number, dayAt: number, isSending: boolean): void {
  const { sku } = PRODUCTS[day % PRODUCTS.length]!;
  if (isSending) planSending(week, from, sku, day, dayAt);
  week.at(dayAt + 12 * HOUR_MS, () => {
    const entries = PRODUCTS.map(({ sku: sold }, index): FeedEntry => {
      const quantity = week.chance('third-party', day, index).integer(2, 12);
      week.truth.change(STOCK, sold, '', -quantity);
      return { ref: `S-${day}-${index}`, at: new Date(week.now()).toISOString(), type: 'shipped', sku: sold, quantity };
    });
    week.say(THIRD_PARTY, SYSTEM, { kind: 'feed', entries });
  });
  week.at(dayAt + 19 * HOUR_MS, () => {
    const now = week.now();
    const isLost = week.mistakes.due('third-party-loss', 'NORTH', now);
    if (isLost) {
      week.truth.change(STOCK, sku, '', -LOST, 'lost at the 3PL');
      week.mistakes.expect({
        mistake: 'third-party-loss',
        site: THIRD_PARTY,
        kinds: ['snapshot-differs'],
        sku,
        from: now,
        withinMs: 2 * HOUR_MS,
      });
    }
    week.at(now + HOUR_MS, () => snapshot(week));
  });
}

function planSending(week: Week, from: House, sku: string, day: number, dayAt: number): void {
  const transfer = `F-${from.site}-${day}`;
  week.at(dayAt + 9 * HOUR_MS + 5 * MINUTE_MS, () => {
    week.say(from.site, CLERK, {
      kind: 'transfer',
      transfer,
      to: THIRD_PARTY,
      partial: true,
      priority: 7,
      lines: [{ line: '1', sku, quantity: SENT }],
    });
    releaseWave(week, from, `W-${transfer}`, STAGING, [transfer]);
  });
  week.at(dayAt + 13 * HOUR_MS, () => {
    const content = from.picked.get(transfer);
    if (content === undefined) return;
    from.picked.delete(transfer);
    const quantity = content.plain.reduce((sum, one) => sum + one.quantity, 0);
    const outcome = week.say(from.site, CLERK, { kind: 'send-transfer', transfer, sku, quantity, location: STAGING });
    if (outcome.status === 'refused') return;
    week.truth.change(spot(from, STAGING), sku, '', -quantity);
    week.at(week.now() + DAY_MS - 5 * HOUR_MS, () => {
      week.truth.change(STOCK, sku, '', quantity);
      const entry: FeedEntry = {
        ref: `A-${transfer}`,
        at: new Date(week.now()).toISOString(),
        type: 'arrived',
        sku,
        quantity,
      };
      week.say(THIRD_PARTY, SYSTEM, { kind: 'feed', entries: [entry] });
    });
  });
}
