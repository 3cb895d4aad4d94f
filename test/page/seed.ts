// What has happened at the test sites before anybody looks: enough for a second page of every kind of list that matters.
import { withCheckDigit } from '../../src/wire/epc/checkDigit.ts';
import { ssccOf } from '../../src/wire/epc/sscc.ts';
import { crossing, envelope, epcOf, lying, SKU } from '../support/sites.ts';
import { openFeed, tell, untilListed, type Feed, type Place } from './feed.ts';

export const PALLETS = 5;
export const TAGS_A_PALLET = 24;
/** Not GS1, and mapped to no SKU. */
export const UNKNOWN_TAG = 'E28011600000000000000001';
const OTHER_UNKNOWN_TAG = 'E28011600000000000000002';
/** Came in twice and was not seen to leave. */
export const TWICE = epcOf(1);
/** Groups that wait for a person at the site that asks. */
export const WAITING_GROUPS = 6;

/** Goods without tags that have a barcode, and the carton that they are packed into. */
export const BOXED = withCheckDigit('0061414110001');
export const CARTON = ssccOf({ companyPrefix: '0614141' }, 1)!;

const SECOND_MS = 1000;

/** The tags of a pallet, numbered from 1. */
export const palletOf = (pallet: number): string[] =>
  Array.from({ length: TAGS_A_PALLET }, (_, index) => epcOf((pallet - 1) * 100 + index + 1));
export const waitingTagsOf = (group: number): string[] => [1, 2, 3].map((tag) => epcOf(5000 + group * 10 + tag));

export async function seed(place: Place): Promise<void> {
  const feed = await openFeed(place);
  try {
    await seedMain(feed);
    await seedAsking(feed);
    await seedQuiet(feed);
    await seedTrouble(feed);
    await seedInbounds(place);
    await seedOrders(place);
    await seedDoubts(place);
    await seedNotFound(place);
    await seedProducts(place);
    await seedCounts(place);
    await seedTransfers(place);
    await seedPartners(place);
    await seedAppointments(place);
    await seedLoads(place, feed);
    await untilListed(place, '/v1/movements?site=T1&type=receive&limit=1000', PALLETS * TAGS_A_PALLET - 2);
    await untilListed(place, '/v1/movements?site=T1&type=putaway', 3);
    await untilListed(place, '/v1/movements?site=T3&type=receive&limit=1000', PALLETS * TAGS_A_PALLET - 2);
    await untilListed(place, '/v1/passages?site=T2&outcome=undecided', WAITING_GROUPS * 3);
    await untilListed(place, '/v1/quarantine', 2);
    await untilListed(place, '/v1/gaps', 1);
    await untilListed(place, '/v1/movements?site=T5&type=ship', 3);
  } finally {
    await feed.end();
  }
}

/** Pallets that drive in, some of their tags then found in aisle A. Minutes ago, so that there is a past to ask for. */
async function seedMain(feed: Feed): Promise<void> {
  const now = Date.now();
  for (let pallet = 1; pallet <= PALLETS; pallet++) {
    const tags = palletOf(pallet);
    if (pallet === 2) tags.push(UNKNOWN_TAG);
    if (pallet === PALLETS) tags.push(TWICE);
    await feed.reads('T1', crossing(tags, 'in', now - (300 - pallet * 30) * SECOND_MS));
  }
  await feed.reads('T1', lying(palletOf(3).slice(0, 4), 'over-a', now - 100 * SECOND_MS, 40));
}

async function seedAsking(feed: Feed): Promise<void> {
  const now = Date.now();
  for (let group = 1; group <= WAITING_GROUPS; group++)
    await feed.reads('T2', crossing(waitingTagsOf(group), 'in', now - (200 - group * 20) * SECOND_MS));
}

async function seedQuiet(feed: Feed): Promise<void> {
  const now = Date.now();
  for (let pallet = 1; pallet <= PALLETS; pallet++) {
    const tags = [...palletOf(10 + pallet), ...(pallet === 1 ? [OTHER_UNKNOWN_TAG] : [])];
    await feed.reads('T3', crossing(tags, 'in', now - (300 - pallet * 30) * SECOND_MS));
  }
}

/** Tags on the notice that the page is looked at with; nobody has read them yet. */
export const LISTED = Array.from({ length: 12 }, (_, index) => epcOf(7000 + index));

/** A notice of which something has come, and an order of which nothing has. */
async function seedInbounds(place: Place): Promise<void> {
  const body = { site: 'T4', document: 'notice', supplier: 'ACME', expectedFrom: new Date().toISOString() };
  const lines = [
    { line: '1', epcs: LISTED },
    { line: '2', sku: 'BOLTS-M6', quantity: 500, lot: 'L-7', order: { inbound: 'PO-7' } },
  ];
  await tell(place, '/v1/inbounds', { ...body, id: 'ASN-7', door: 'DOOR', lines });
  const order = [{ line: '1', sku: 'BOLTS-M6', quantity: 2000 }];
  await tell(place, '/v1/inbounds', { ...body, id: 'PO-7', document: 'order', lines: order });
  await tell(place, '/v1/inbounds/ASN-7/goods', { site: 'T4', location: 'DOCK', sku: 'BOLTS-M6', quantity: 480 });
  const torn = { sku: 'BOLTS-M6', quantity: 25, status: 'damaged', reason: 'torn' };
  await tell(place, '/v1/inbounds/ASN-7/goods', { site: 'T4', location: 'DOCK', ...torn });
}

/** An order that is being picked, one that is promised, and one that waits in part. */
async function seedOrders(place: Place): Promise<void> {
  const counted = { site: 'T4', sku: 'HINGES', reason: 'counted' };
  await tell(place, '/v1/adjustments', { ...counted, quantity: 96, location: 'A' });
  await tell(place, '/v1/adjustments', { ...counted, quantity: 4, location: 'B' });
  const order = { site: 'T4', customer: 'SHOP-1' };
  const lines = (quantity: number) => [{ line: '1', sku: 'HINGES', quantity }];
  const shipBy = new Date(Date.now() + 86_400_000).toISOString();
  await tell(place, '/v1/orders', { ...order, id: 'O-1', lines: lines(10), shipBy });
  await tell(place, '/v1/orders', { ...order, id: 'O-2', lines: lines(60) });
  await tell(place, '/v1/orders', { ...order, id: 'O-3', lines: lines(40), partial: true });
  await tell(place, '/v1/orders/O-1/release', { site: 'T4' });
  await tell(place, '/v1/adjustments', { ...counted, sku: 'LATCHES', quantity: 5, location: 'B' });
  // One at the bench, half packed.
  await tell(place, '/v1/adjustments', { ...counted, sku: BOXED, quantity: 6, location: 'B' });
  await tell(place, '/v1/orders', { ...order, id: 'O-5', lines: [{ line: '1', sku: BOXED, quantity: 6 }] });
  await tell(place, '/v1/picks', { site: 'T4', id: 'P-5', orders: ['O-5'], to: 'PACK' });
  await tell(place, '/v1/picks/P-5/lines/1/confirmation', { site: 'T4', scan: 'B' });
  await tell(place, '/v1/cartons', { site: 'T4', order: 'O-5' });
  await tell(place, `/v1/cartons/${CARTON}/contents`, { site: 'T4', scan: `]C101${BOXED}`, quantity: 2 });
  await tell(place, '/v1/orders', { ...order, id: 'O-4', lines: [{ line: '1', sku: 'LATCHES', quantity: 5 }] });
}

/** Tags that somebody put down and that nobody finds. */
export const DOUBTED = [8001, 8002, 8003].map(epcOf);

async function seedDoubts(place: Place): Promise<void> {
  for (const epc of DOUBTED) await tell(place, '/v1/movements', { site: 'T4', epc, to: 'A' });
  for (let sweep = 1; sweep <= 3; sweep++) await tell(place, '/v1/sweeps', { site: 'T4', location: 'A', epcs: [] });
}

/** Stock without tags of which a picker found none; at T2, where nothing is counted. */
export const NOT_FOUND = 'RIVETS';

async function seedNotFound(place: Place): Promise<void> {
  const at = new Date(Date.now() - 20 * 24 * 3600 * SECOND_MS).toISOString();
  await tell(place, '/v1/adjustments', {
    site: 'T2',
    sku: NOT_FOUND,
    quantity: 40,
    location: 'B',
    reason: 'counted',
    at,
  });
  const lines = [{ line: '1', sku: NOT_FOUND, quantity: 5 }];
  await tell(place, '/v1/orders', { site: 'T2', id: 'O-VAIN', customer: 'SHOP-9', lines });
  await tell(place, '/v1/picks', { site: 'T2', id: 'PICK-VAIN', orders: ['O-VAIN'], to: 'PACK' });
  await tell(place, '/v1/picks/PICK-VAIN/lines/1/shortage', { site: 'T2' });
}

/** A supplier, something that goes back to it, and something that a customer sends back. */
async function seedPartners(place: Place): Promise<void> {
  const acme = { site: 'T4', name: 'Acme Ltd', address: '1 High Street\n1000 Brussels', tolerance: 0.02 };
  await tell(place, '/v1/partners/supplier/ACME', acme, 'PUT');
  const torn = { site: 'T4', sku: 'GASKETS', quantity: 12, location: 'HOLD', status: 'damaged', reason: 'torn' };
  await tell(place, '/v1/adjustments', torn);
  const lines = [{ line: '1', sku: 'GASKETS', quantity: 12 }];
  await tell(place, '/v1/supplier-returns', {
    site: 'T4',
    id: 'RTV-1',
    supplier: 'ACME',
    authorisation: 'A-77',
    lines,
  });
  const back = [{ line: '1', sku: 'GASKETS', quantity: 4, because: 'damaged' }];
  await tell(place, '/v1/announced-returns', { site: 'T4', id: 'RMA-1', customer: 'SHOP-1', lines: back });
}

/** A truck that is late, and one that is to come. */
async function seedAppointments(place: Place): Promise<void> {
  const hour = (hours: number): string => new Date(Date.now() + hours * 3600 * SECOND_MS).toISOString();
  const door = { site: 'T4', door: 'DOOR', direction: 'in' };
  await tell(place, '/v1/appointments', { ...door, id: 'GATE-1', from: hour(-1), to: hour(1), carrier: 'Northline' });
  await tell(place, '/v1/appointments', { ...door, id: 'GATE-2', from: hour(2), to: hour(3), note: '1-ABC-123' });
}

/** Products, one of them with all that can be known. */
async function seedProducts({ url }: Place): Promise<void> {
  const rows = [
    'sku,name,gtin,packs,length_mm,width_mm,height_mm,weight_g,unit_cost,currency,tracking,expires,hazard,velocity,fixed_bin',
    'BOLTS-M6,"Bolt M6, zinc",4006381333931,case:100|pallet:4800,60,10,10,18,0.12,EUR,lot,no,,A,A-01',
    'THINNER,Paint thinner 5 l,,box:4,180,120,300,4600,11.5,EUR,lot,yes,3,C,',
    'HINGES,Hinge 90°,,,,,,,,,,,,,',
    `${BOXED},Boxed,,,100,100,90,700,,,,,,,`,
  ];
  const answer = await fetch(`${url}/v1/imports?site=T4&kind=products`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: rows.join('\n'),
  });
  if (!answer.ok) throw new Error(`the products were not taken: ${await answer.text()}`);
}

/** A bin that was counted twice and waits for approval, and one that nobody has counted, from which something is to be moved. */
async function seedCounts(place: Place): Promise<void> {
  const counted = { site: 'T4', sku: 'PEGS', reason: 'counted' };
  await tell(place, '/v1/adjustments', { ...counted, quantity: 12, location: 'R' });
  await tell(place, '/v1/adjustments', { ...counted, quantity: 7, location: 'A-01' });
  // Two of those are to lie elsewhere.
  await tell(place, '/v1/relocations', {
    site: 'T4',
    sku: 'PEGS',
    quantity: 2,
    from: 'R',
    to: 'B',
    reason: 'more room',
  });
  await tell(place, '/v1/counts', { site: 'T4', id: 'C-1', by: 'location', locations: ['R', 'A-01'] });
  for (let time = 0; time < 2; time++)
    await tell(place, '/v1/counts/C-1/tasks/2/entry', { site: 'T4', lines: [{ sku: 'PEGS', quantity: 11 }] });
}

/** A transfer of which some is under way. */
async function seedTransfers(place: Place): Promise<void> {
  await tell(place, '/v1/adjustments', { site: 'T3', sku: 'KNOBS', quantity: 30, location: 'A', reason: 'counted' });
  const lines = [{ line: '1', sku: 'KNOBS', quantity: 20 }];
  await tell(place, '/v1/transfers', { site: 'T3', id: 'X-1', to: 'T4', lines });
  await tell(place, '/v1/transfers/X-1/shipment', { site: 'T3', sku: 'KNOBS', quantity: 12, location: 'A' });
  await untilListed(place, '/v1/transfers?site=T4', 1);
}

/** Picked tags of the orders that are loaded: of the first one on the truck, gone by the wrong door, and still at the bench. */
export const LOADED = [9001, 9002].map(epcOf);
export const STRAYED = epcOf(9003);
export const AT_BENCH = epcOf(9004);

/** Two trucks at two doors: one half loaded, with a tag that left by the other door; and one with nothing on it yet. */
async function seedLoads(place: Place, feed: Feed): Promise<void> {
  const ago = (seconds: number): string => new Date(Date.now() - seconds * SECOND_MS).toISOString();
  const say = (path: string, body: object, secondsAgo = 900) =>
    tell(place, path, { site: 'T5', at: ago(secondsAgo), ...body });
  const picked = [...LOADED, STRAYED, AT_BENCH];
  for (const epc of picked) await say('/v1/movements', { epc, to: 'A' }, 3600);
  await say('/v1/adjustments', { sku: 'CRATES', quantity: 30, location: 'B', reason: 'counted' });
  const order = (id: string, sku: string, quantity: number) =>
    say('/v1/orders', { id, customer: 'SHOP-1', lines: [{ line: '1', sku, quantity }] });
  await order('L-1', SKU, 4);
  await order('L-2', 'CRATES', 20);
  await order('L-3', 'CRATES', 10);
  await say('/v1/picks', { id: 'P-1', orders: ['L-1'], to: 'PACK' });
  for (const epc of picked) await say('/v1/picks/P-1/lines/1/confirmation', { scan: epc }, 600);
  await say('/v1/picks', { id: 'P-2', orders: ['L-2'], to: 'PACK' });
  await say('/v1/picks/P-2/lines/1/confirmation', { scan: 'B' }, 600);
  await say('/v1/loads', {
    id: 'TRUCK-1',
    door: 'DOOR',
    carrier: 'Northline',
    orders: ['L-1', 'L-2'],
    seals: ['NL-4411'],
  });
  await say('/v1/loads', { id: 'TRUCK-2', door: 'DOOR-2', carrier: 'Harbour Express', orders: ['L-3'] });
  await feed.reads('T5', crossing(LOADED, 'out', Date.now() - 60 * SECOND_MS));
  await feed.reads('T5', crossing([STRAYED], 'out', Date.now() - 60 * SECOND_MS, 'door-2'));
}

/** What no warehouse is spared: an unknown reader, bytes that are none of ours, an envelope that was lost. */
async function seedTrouble(feed: Feed): Promise<void> {
  await feed.publish('tallygate/v1/T1/gw-2/envelope', '{"v":1,"epoch":');
  const unknown = { reader: 'door-9', antenna: 1, epc: epcOf(900), rssiDbm: -50, seenAt: new Date().toISOString() };
  await feed.publish('tallygate/v1/T1/gw-2/envelope', envelope({ epoch: 'g', seq: 1 }, { reads: [unknown] }));
  await feed.publish('tallygate/v1/T1/gw-2/envelope', envelope({ epoch: 'g', seq: 5 }));
  await feed.publish('tallygate/v1/T1/gw-2/status', '{"online":true,"version":"9.9"}', true);
}
