// Stock by site and place, now and as it was.
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanUp.ts';
import { crossing, epcOf, SKU } from '../support/sites.ts';
import { expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, openFeed, tell } from './feed.ts';

interface Balances {
  readonly items: readonly { readonly location: string; readonly quantity: number }[];
}

/** Of a place, as the page writes it. */
const placeOf = (name: string) => `.stock tr.place:has(.code:text-is("${name}"))`;

describePage('the stock', () => {
  useChromium();

  it('is told by place, with sums that are those of the ledger', async () => {
    const page = await openPage('T1/stock');
    const { items } = await ask<Balances>(thePlace(), '/v1/stock?site=T1');
    const sum = (balances: Balances['items']): number => balances.reduce((all, { quantity }) => all + quantity, 0);
    await expectSeen(page.locator('.stock tfoot').getByText(String(sum(items)), { exact: true }));
    const dock = sum(items.filter(({ location }) => location === 'DOCK'));
    expect(await page.locator(`${placeOf('DOCK')} .number`).textContent()).toBe(String(dock));
    expect(await page.locator(`${placeOf('A')} .number`).textContent()).toBe('4');
  });

  it('is put on hold and released again, with the code of the reason; of what has tags each by itself', async () => {
    const place = thePlace();
    await tell(place, '/v1/adjustments', { site: 'T4', sku: 'HASPS', quantity: 9, location: 'R', reason: 'counted' });
    const page = await openPage('T4/stock?sku=HASPS', { mayComplain: true });
    await page.getByRole('button', { name: 'hold or release HASPS at R' }).click();
    await page.getByLabel('from now on it is').selectOption('blocked');
    await page.getByLabel('How much of it').fill('4');
    await page.getByLabel('Your name, for the record').fill('Grace');
    await page.getByRole('button', { name: 'That is so' }).click();
    await expectSeen(page.getByText('say why'));
    await page.getByLabel('Code of the reason').selectOption('quality');
    await page.getByLabel('Why, for the record').fill('rust');
    await page.getByRole('button', { name: 'That is so' }).click();
    await expectSeen(page.getByRole('button', { name: 'blocked: hold or release' }));
    const { items } = await ask<{ items: object[] }>(thePlace(), '/v1/stock?site=T4&sku=HASPS');
    expect(items).toMatchObject([
      { status: 'available', quantity: 5 },
      { status: 'blocked', quantity: 4 },
    ]);

    const epc = epcOf(7700);
    await tell(place, '/v1/movements', { site: 'T4', epc, to: 'B' });
    await page.goto(page.url().replace(/#.*/, '#/T4/stock?location=B'));
    const line = page.getByRole('button', { name: `hold or release ${SKU} at B` });
    await line.first().click();
    await page.getByLabel('from now on it is').selectOption('damaged');
    await page.getByRole('button', { name: 'That is so' }).click();
    await expectSeen(page.getByText('have tags: say the epc of each'));
    await page.goto(page.url().replace(/#.*/, `#/T4/items/${epc}`));
    await page.getByRole('button', { name: 'Hold it, or release it' }).click();
    await page.getByLabel('from now on it is').selectOption('damaged');
    await page.getByRole('button', { name: 'That is so' }).click();
    await expect
      .poll(async () => (await ask<{ status: string }>(thePlace(), `/v1/items/${epc}`)).status)
      .toBe('damaged');
  });

  it('is found by any part of a SKU and by place, and says when nothing fits', async () => {
    const page = await openPage('T1/stock');
    const sku = page.getByRole('searchbox', { name: 'SKU', exact: true });
    await sku.fill(SKU.slice(4, 9));
    await page.getByRole('combobox', { name: 'Location' }).selectOption('A');
    await expect.poll(() => page.locator('.stock tr.line').count()).toBe(1);
    expect(new URL(page.url()).hash).toBe(`#/T1/stock?sku=${SKU.slice(4, 9)}&location=A`);
    await sku.fill('no such thing');
    await expectSeen(page.getByText('Not under these filters'));
    await page.getByRole('button', { name: 'Clear' }).click();
    await expectSeen(page.locator(placeOf('DOCK')));
  });

  it('is told as of a past instant: an hour ago there was nothing', async () => {
    const page = await openPage('T1/stock');
    await expectSeen(page.locator(placeOf('DOCK')));
    await page.getByRole('button', { name: '1 h ago' }).click();
    await expectSeen(page.getByText('Nothing was in stock then'));
    await expectSeen(page.getByText(/As of .*, as known now/));
  });

  it('leads from a line to the movements that made it', async () => {
    const page = await openPage('T1/stock?location=A');
    await page.locator('.stock tr.line').getByRole('link', { name: SKU }).click();
    await expect.poll(() => page.locator('.movements tbody tr').count()).toBe(4);
  });

  it('grows while somebody looks, when a pallet comes in', async () => {
    const page = await openPage('T1/stock');
    const feed = await openFeed(thePlace());
    closeAfterTest(() => feed.end());
    await expectSeen(page.locator('[data-connection=live]'));
    const dock = page.locator(`${placeOf('DOCK')} .number`);
    const before = Number(await dock.textContent());
    await feed.reads('T1', crossing([epcOf(4001), epcOf(4002), epcOf(4003)], 'in', Date.now() - 4000));
    await expect.poll(() => dock.textContent()).toBe(String(before + 3));
  });

  it('of another site is another stock; the bar changes sites', async () => {
    const page = await openPage('T1/overview');
    await page.getByRole('combobox', { name: 'Site' }).selectOption('T2');
    await expectSeen(page.getByRole('article', { name: 'DOOR' }));
    expect(new URL(page.url()).hash).toBe('#/T2/overview');
    await page.getByRole('link', { name: 'Site plan' }).click();
    await expectSeen(page.getByRole('link', { name: 'T1, First test site' }));
  });
});
