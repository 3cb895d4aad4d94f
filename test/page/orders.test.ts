// What is to go out: a list with how far each order has come, one of them released and picked by scans, a bin that is short.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, HANDHELD, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, tell } from './feed.ts';

describePage('the orders', () => {
  useChromium();

  it('are listed with how far each has come, and what waits for stock', async () => {
    const page = await openPage('T4/orders');
    const card = page.getByRole('listitem').filter({ hasText: 'O-3' });
    await expectSeen(card.getByText('promised in part'));
    await expectSeen(card.getByText('30 promised'));
    await expectSeen(card.getByText('10 waiting'));
    await page.getByRole('button', { name: 'Waiting for stock' }).click();
    await expectSeen(page.getByText('There is no such order'));
  });

  it('are picked by scans along the way; a wrong one is refused, and what is not there is taken elsewhere', async () => {
    const page = await openPage('T4/orders/O-1', { mayComplain: true });
    const list = page.getByRole('region', { name: /Pick list/ });
    await expectSeen(list.getByText('Next: 10 of HINGES from A'));
    await list.getByLabel('Scan the item').fill('B');
    await list.getByRole('button', { name: 'Taken' }).click();
    await expectSeen(list.getByText('take it from A'));
    await list.getByRole('button', { name: 'Not there…' }).click();
    await page.getByLabel('Your name, for the record').fill('Grace');
    await list.getByRole('button', { name: 'It is not there' }).click();
    // Only bin B is left, of which the other orders lose what they were promised.
    await expectSeen(list.getByText('10 not taken here'));
    await expectGone(list.getByText('from A'));
  });

  it('are released to be picked when what they ask for is promised, and told as they are picked', async () => {
    const page = await openPage('T4/orders/O-4');
    await page.getByRole('button', { name: 'Release it to be picked' }).click();
    const list = page.getByRole('region', { name: /Pick list/ });
    await expectSeen(list.getByText('Next: 5 of LATCHES from B'));
    await list.getByLabel('Scan the item').fill('B');
    await list.getByRole('button', { name: 'Taken' }).click();
    await expectSeen(list.locator('.order-way').getByText('picked'));
    await expectSeen(page.getByText('5 picked').first());
    const told = await ask<{ state: string; picked: number }>(thePlace(), '/v1/orders/O-4?site=T4');
    expect(told).toMatchObject({ state: 'picked', picked: 5 });
  });

  it('are released together, taken from their bin at once, and sorted scan by scan', async () => {
    const gtin = '09528450570009';
    const say = (path: string, body: object) => tell(thePlace(), path, { site: 'T5', ...body });
    await say('/v1/adjustments', { sku: gtin, quantity: 9, location: 'A', reason: 'counted' });
    for (const [id, quantity] of [
      ['B-1', 2],
      ['B-2', 1],
    ] as const)
      await say('/v1/orders', { id, customer: 'SHOP-1', lines: [{ line: '1', sku: gtin, quantity }] });
    const page = await openPage('T5/orders', { mayComplain: true });
    await page.getByLabel('Pick B-1 together').check();
    await page.getByLabel('Pick B-2 together').check();
    await page.getByLabel('How').selectOption('batch');
    await page.getByRole('button', { name: 'Release them' }).click();
    const list = page.getByRole('region', { name: /Pick list/ });
    await expectSeen(list.getByText(`Next: 3 of ${gtin} from A`));
    await list.getByLabel('Scan the item').fill('A');
    await list.getByRole('button', { name: 'Taken' }).click();
    await expectSeen(list.getByText('To be sorted: 3'));
    await list.getByLabel('Scan what is to be sorted').fill(`]C101${gtin}`);
    await list.getByRole('button', { name: 'Which order?' }).click();
    await expectSeen(list.getByText('Put it to B-1'));
    await expectSeen(list.getByText('1 more go there'));
    await page.getByRole('link', { name: 'All pick lists' }).click();
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'batch' }).getByText('done'));
  });

  it('are picked into totes on a cart, where a wrong one is refused', async () => {
    const say = (path: string, body: object) => tell(thePlace(), path, { site: 'T5', ...body });
    await say('/v1/adjustments', { sku: 'PULLEYS', quantity: 9, location: 'A', reason: 'counted' });
    for (const id of ['K-1', 'K-2'])
      await say('/v1/orders', { id, customer: 'SHOP-1', lines: [{ line: '1', sku: 'PULLEYS', quantity: 1 }] });
    const totes = [{ order: 'K-1', tote: 'TOTE-1' }];
    await say('/v1/picks', { id: 'CART-1', orders: ['K-1', 'K-2'], method: 'cluster', totes });
    const page = await openPage('T5/orders?list=CART-1', { viewport: HANDHELD, mayComplain: true });
    const list = page.getByRole('region', { name: /Pick list/ });
    await expectSeen(list.getByText('into TOTE-1 for K-1'));
    await list.getByLabel('Scan the item').fill('A');
    await list.getByLabel('Scan the tote').fill('TOTE-9');
    await list.getByRole('button', { name: 'Taken' }).click();
    await expectSeen(list.getByText('goes into TOTE-1'));
    await list.getByLabel('Scan the item').fill('A');
    await list.getByLabel('Scan the tote').fill('TOTE-1');
    await list.getByRole('button', { name: 'Taken' }).click();
    await expectSeen(list.getByText('into an empty tote for K-2'));
  });
});
