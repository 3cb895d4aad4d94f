// Putaway on the page: what stands at the dock with its bin and reason, taken by a person, and ended by the scan of a bin.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, tell } from './feed.ts';

describePage('tasks', () => {
  useChromium();

  it('are shown as they come, with bin and reason, taken by one, and done by a scan of the bin', async () => {
    const page = await openPage('T4/tasks', { mayComplain: true });
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
});
