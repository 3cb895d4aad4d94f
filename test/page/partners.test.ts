// Partners on the page: a supplier is entered, damaged goods go back to it, and a customer says what comes back.
import { expect, it } from 'vitest';
import { epcOf } from '../support/sites.ts';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, drop, tell } from './feed.ts';

describePage('partners', () => {
  useChromium();

  it('see what came back from customers, where that is graded', async () => {
    const epc = epcOf(8601);
    const place = thePlace();
    const at = (minutes: number) => ({ at: new Date(Date.now() - minutes * 60_000).toISOString() });
    await tell(place, '/v1/movements', { site: 'T4', epc, to: 'A', ...at(600) });
    await tell(place, '/v1/movements', { site: 'T4', epc, to: 'world', ...at(590) });
    await tell(place, '/v1/movements', { site: 'T4', epc, to: 'DOCK', ...at(5) });
    const page = await openPage('T4/partners?kind=came-back');
    const card = page.getByRole('listitem').filter({ hasText: 'returned' });
    await card.getByRole('button', { name: 'Grade it' }).click();
    await card.getByLabel('What is it good for?').selectOption('damaged');
    await card.getByLabel('What it looks like').fill('torn');
    await card.getByLabel('Your name, for the record').fill('Grace');
    await card.getByRole('button', { name: 'That is so' }).click();
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'damaged' }).getByText('of no order that is known'));
    const item = async () => (await ask<{ status: string }>(place, `/v1/items/${epc}`)).status;
    await expect.poll(item).toBe('damaged');
  });

  it('announce what they send back of an order, and it is counted as it comes', async () => {
    const place = thePlace();
    const at = (minutes: number) => ({ at: new Date(Date.now() - minutes * 60_000).toISOString() });
    await tell(place, '/v1/adjustments', { site: 'T4', sku: 'LAMPS', quantity: 5, location: 'B', ...at(60) });
    const lines = [{ line: '1', sku: 'LAMPS', quantity: 5 }];
    await tell(place, '/v1/orders', { site: 'T4', id: 'O-LAMPS', customer: 'SHOP-8', lines });
    await tell(place, '/v1/picks', { site: 'T4', id: 'P-LAMPS', orders: ['O-LAMPS'], to: 'PACK' });
    await tell(place, '/v1/picks/P-LAMPS/lines/1/confirmation', { site: 'T4', scan: 'B', quantity: 5 });
    await tell(place, '/v1/movements', { site: 'T4', sku: 'LAMPS', quantity: 5, from: 'PACK', to: 'world' });
    const page = await openPage('T4/orders/O-LAMPS', { mayComplain: true });
    await page.getByRole('link', { name: 'Announce a return' }).click();
    await page.getByLabel('Number of the return').fill('RMA-9');
    await page.getByLabel('LAMPS, of 5').fill('6');
    await page.getByLabel('Why').selectOption('defective');
    await page.getByLabel('Your name, for the record').fill('Grace');
    await page.getByRole('button', { name: 'Announce it' }).click();
    await expectSeen(page.getByText('5 left with O-LAMPS'));
    await page.getByLabel('LAMPS, of 5').fill('2');
    await page.getByRole('button', { name: 'Announce it' }).click();
    const card = page.getByRole('listitem').filter({ hasText: 'RMA-9' });
    await expectSeen(card.getByText('does not work'));
    await card.getByRole('button', { name: 'It has come' }).click();
    await card.getByLabel('How much').fill('1');
    await card.getByLabel('Where it lies now').fill('DOCK');
    await card.getByRole('button', { name: 'It has come' }).click();
    await expectSeen(card.getByText('1 of 2'));
    await card.getByRole('button', { name: 'No more of it' }).click();
    await card.getByRole('button', { name: 'No more of it comes' }).click();
    await expectSeen(card.getByText('1 never came'));
    await page.getByRole('button', { name: 'Came back' }).click();
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'LAMPS' }).getByText('announced as RMA-9'));
  });

  it('are entered, and what is damaged goes back to one of them', async () => {
    const page = await openPage('T4/partners', { mayComplain: true });
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'Acme Ltd' }).getByText('2 % more or less'));
    await page.getByRole('button', { name: 'Enter a supplier' }).click();
    await page.getByLabel('Number').fill('BOLTCO');
    await page.getByLabel('Name', { exact: true }).fill('Bolt & Co');
    await page.getByLabel('Your name, for the record').fill('Grace');
    await page.getByRole('button', { name: 'Enter it' }).click();
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'Bolt & Co' }));

    // What others say of partners shows by itself.
    await tell(thePlace(), '/v1/partners/supplier/NUTCO', { site: 'T4', name: 'Nut & Co' }, 'PUT');
    const nutCo = page.getByRole('listitem').filter({ hasText: 'Nut & Co' });
    await expectSeen(nutCo);
    await drop(thePlace(), '/v1/partners/supplier/NUTCO?site=T4');
    await expectGone(nutCo);

    const torn = { sku: 'SEALANT', quantity: 3, location: 'HOLD', status: 'damaged', reason: 'leaks' };
    await tell(thePlace(), '/v1/adjustments', { site: 'T4', ...torn });
    await page.getByRole('button', { name: 'Going back' }).click();
    await page.getByRole('button', { name: 'Send something back' }).click();
    await page.getByLabel('Number of the return').fill('RTV-9');
    await page.getByLabel('Supplier').fill('BOLTCO');
    await page.getByLabel('SKU', { exact: true }).fill('SEALANT');
    await page.getByLabel('How much').fill('4');
    await page.getByRole('button', { name: 'Send it back' }).click();
    await expectSeen(page.getByText('put them on hold first'));
    await page.getByLabel('How much').fill('3');
    await page.getByRole('button', { name: 'Send it back' }).click();
    const card = page.getByRole('listitem').filter({ hasText: 'RTV-9' });
    await expectSeen(card.getByText('0 of 3'));
    await card.getByRole('button', { name: 'It leaves' }).click();
    await card.getByLabel('Where it leaves from').fill('HOLD');
    await card.getByRole('button', { name: 'It leaves' }).click();
    await expectSeen(card.getByText('3 of 3'));
    await expectSeen(card.getByText('all gone'));
    await expectGone(card.getByRole('button', { name: 'It leaves' }));
    const { items } = await ask<{ items: object[] }>(thePlace(), '/v1/movements?site=T4&sku=SEALANT&type=ship');
    expect(items).toMatchObject([{ from: 'HOLD', to: 'world', quantity: 3 }]);
  });
});
