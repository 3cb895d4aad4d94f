// Products and their import: a file is tried, told row by row, and taken.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, drop, tell } from './feed.ts';

describePage('products', () => {
  useChromium();

  it('are listed with what is known of them, and found by their name', async () => {
    const page = await openPage('T4/products');
    const card = page.getByRole('listitem').filter({ hasText: 'BOLTS-M6' });
    await expectSeen(card.getByText('case of 100'));
    await expectSeen(card.getByText('60 × 10 × 10 mm'));
    await tell(thePlace(), '/v1/products/RIVETS', { site: 'T4', name: 'Rivet' }, 'PUT');
    const rivets = page.getByRole('listitem').filter({ hasText: 'RIVETS' });
    await expectSeen(rivets);
    await drop(thePlace(), '/v1/products/RIVETS?site=T4');
    await expectGone(rivets);
    await page.getByLabel('SKU or name').fill('thinner');
    await page.getByRole('button', { name: 'Find' }).click();
    await expectSeen(page.getByText('hazard 3'));
    await expect.poll(() => page.locator('.product-card').count()).toBe(1);
  });

  it('are classed by what was picked of them', async () => {
    const page = await openPage('T4/products');
    await page.getByRole('link', { name: 'Classes and bins' }).click();
    await expectSeen(page.getByRole('heading', { name: 'Are of another class than their product says' }));
    const [{ sku }] = (await ask<{ skus: { sku: string }[] }>(thePlace(), '/v1/slotting?site=T4')).skus as [
      { sku: string },
    ];
    const card = page.getByRole('listitem').filter({ hasText: sku });
    await card.getByRole('button', { name: 'Make it A' }).click();
    await expectGone(card.getByRole('button', { name: 'Make it A' }));
    expect(await ask(thePlace(), `/v1/products/${sku}?site=T4`)).toMatchObject({ velocity: 'A' });
  });

  it('are imported from a file: tried first, each bad row with its line, then the good ones taken', async () => {
    const page = await openPage('T4/products/import');
    const buffer = Buffer.from('sku,name,gtin\nHOOK,Hook,\nEYE,Eye,4006381333932\n');
    await page.getByLabel('CSV file').setInputFiles({ name: 'products.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Try it' }).click();
    await expectSeen(page.getByText('1 row would be taken'));
    await expectSeen(page.getByRole('row').filter({ hasText: 'check digit' }).getByText('gtin', { exact: true }));
    await page.getByRole('button', { name: 'Take the 1 good row' }).click();
    await expectSeen(page.getByText('1 row taken'));
    const { name } = await ask<{ name: string }>(thePlace(), '/v1/products/HOOK?site=T4');
    expect(name).toBe('Hook');
  });
});
