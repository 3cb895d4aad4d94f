// Putaway on the page: what stands at the dock with its bin and reason, taken by a person, and ended by the scan of a bin.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, HANDHELD, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, tell } from './feed.ts';

describePage('tasks', () => {
  useChromium();

  it('are shown as they come, with bin and reason, taken by one, and done by a scan of the bin', async () => {
    const page = await openPage('T4/tasks?kind=putaways', { mayComplain: true });
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'BOLTS-M6' }).first());
    await page.getByLabel('Your name, for the record').fill('Grace');
    await tell(thePlace(), '/v1/adjustments', {
      site: 'T4',
      sku: 'WASHERS',
      quantity: 7,
      location: 'DOCK',
      reason: 'unloaded',
    });
    const card = page.getByRole('listitem').filter({ hasText: 'WASHERS' });
    await expectSeen(card.getByText('is the nearest to DOCK that may take it'));
    await card.getByRole('button', { name: 'Take it' }).click();
    await expectSeen(card.getByText('yours until'));
    await card.getByLabel('Scan the bin').fill('PACK');
    await card.getByRole('button', { name: 'Put there' }).click();
    await expectSeen(card.getByText('nothing is stored at PACK'));
    await card.getByLabel('Scan the bin').fill('R');
    await card.getByRole('button', { name: 'Put there' }).click();
    await expectGone(card);
    await page.getByRole('button', { name: 'Done' }).click();
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'WASHERS' }));
    const { items } = await ask<{ items: { quantity: number }[] }>(thePlace(), '/v1/stock?site=T4&sku=WASHERS');
    expect(items).toMatchObject([{ location: 'R', quantity: 7 }]);
  });

  it('are made by who wants something to lie elsewhere, and given up again', async () => {
    await tell(thePlace(), '/v1/adjustments', {
      site: 'T4',
      sku: 'CLAMPS',
      quantity: 6,
      location: 'R',
      reason: 'counted',
    });
    const page = await openPage('T4/tasks?kind=relocations', { mayComplain: true });
    const have = async (quantity: string): Promise<void> => {
      await page.getByLabel('SKU', { exact: true }).fill('CLAMPS');
      await page.getByLabel('From: scan').fill('R');
      await page.getByLabel('To: scan').fill('B');
      await page.getByLabel('How much').fill(quantity);
      await page.getByLabel('Why').fill('more room there');
      await page.getByLabel('Your name, for the record').first().fill('Grace');
      await page.getByRole('button', { name: 'Have it moved' }).click();
    };
    await page.getByRole('button', { name: 'Have something moved' }).click();
    await have('7');
    await expectSeen(page.getByText('Only 6 of CLAMPS is free to be moved at R'));
    await have('4');
    const card = page.getByRole('listitem').filter({ hasText: 'CLAMPS' });
    await expectSeen(card.getByText('Grace wants it at B: more room there'));
    await card.getByRole('button', { name: 'It stays at R' }).click();
    await expectGone(card);
    await page.getByRole('button', { name: 'Have something moved' }).click();
    await have('');
    await card.getByLabel('Scan the bin').fill('B');
    await card.getByRole('button', { name: 'Put there' }).click();
    await expectGone(card);
  });

  it('are given to whoever asks on a handheld, with the reason, done by scans, and the next one after it', async () => {
    const say = (path: string, body: object) => tell(thePlace(), path, { site: 'T4', ...body });
    await say('/v1/adjustments', { sku: 'DOWELS', quantity: 3, location: 'B', reason: 'counted' });
    const lines = [{ line: '1', sku: 'DOWELS', quantity: 3 }];
    await say('/v1/orders', { id: 'O-9', customer: 'SHOP-9', priority: 9, lines });
    await say('/v1/picks', { id: 'P-9', orders: ['O-9'], to: 'PACK' });
    const page = await openPage('T4/tasks', { viewport: HANDHELD });
    const first = page.locator('.queue-line').first();
    await expectSeen(first.getByText('1 line for O-9'));
    await page.getByLabel('Your name, for the record').fill('Edsger');
    await page.getByLabel('Where you are').fill('B');
    await page.getByRole('button', { name: 'What is next?' }).click();
    const own = page.getByRole('region', { name: 'Yours' });
    await expectSeen(own.getByText('Priority 9 (order O-9)'));
    await expectSeen(own.getByText('yours until'));
    await own.getByLabel('Scan the item').fill('B');
    await own.getByRole('button', { name: 'Taken' }).click();
    await expectGone(own);
    // The same order is to be packed now; somebody else may not be given it.
    await page.getByRole('button', { name: 'What is next?' }).click();
    await expectSeen(own.getByText('3 of order O-9'));
    await expectSeen(own.getByRole('link', { name: 'Pack O-9' }));
    await own.getByRole('button', { name: 'Give it back' }).click();
    await expectGone(own);
    await expectSeen(page.locator('.queue-line').first().getByText('3 of order O-9'));
  });
});
