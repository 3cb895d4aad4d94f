// What is to come: a list with how far each has come, one of them live line by line, its receipt closed by a person.
import { expect, it } from 'vitest';
import { crossing } from '../support/sites.ts';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, openFeed, tell } from './feed.ts';
import { withCheckDigit } from '../../src/wire/epc/checkDigit.ts';
import { LISTED } from './seed.ts';

/** The GTIN of a case of plugs. */
const CASE = withCheckDigit('1061414107007');

interface Told {
  readonly state: string;
  readonly lines: readonly { readonly received: number }[];
}

describePage('the inbound documents', () => {
  useChromium();

  it('are listed with how far each has come, and lead to one another', async () => {
    const page = await openPage('T4/inbounds');
    const card = page.getByRole('listitem').filter({ hasText: 'ASN-7' });
    await expectSeen(card.getByText('505 of 512'));
    await expectSeen(card.getByText('receiving'));
    await card.getByRole('link', { name: 'ASN-7' }).click();
    await expectSeen(page.getByRole('heading', { name: 'Inbound ASN-7' }));
    const bolts = page.getByRole('row').filter({ hasText: 'BOLTS-M6' });
    await expect.poll(() => bolts.locator('.is-different').allTextContents()).toEqual(['5', '25']);
    await bolts.getByRole('link', { name: 'PO-7' }).click();
    await expectSeen(page.getByText('505 of 2,000').first());
  });

  it('are received by hand: the code on a case counts what is in it', async () => {
    await tell(
      thePlace(),
      '/v1/products/PLUGS',
      { site: 'T4', packs: [{ unit: 'case', quantity: 24, gtin: CASE }] },
      'PUT',
    );
    const lines = [{ line: '1', sku: 'PLUGS', quantity: 50 }];
    const notice = { site: 'T4', id: 'ASN-8', document: 'notice', supplier: 'ACME', lines };
    await tell(thePlace(), '/v1/inbounds', notice);
    const page = await openPage('T4/inbounds/ASN-8', { mayComplain: true });
    const form = page.getByRole('region', { name: 'Receive by hand' });
    await form.getByLabel('Scan what came').fill(CASE);
    await form.getByLabel('Scan what came').press('Enter');
    await expectSeen(form.getByText('24 of PLUGS, line 1.'));
    await expectSeen(page.getByRole('row').filter({ hasText: '24 of 50' }));
    await form.getByLabel('Condition').selectOption('damaged');
    await form.getByLabel('Scan what came').fill(CASE);
    await form.getByLabel('Units').fill('2');
    await form.getByLabel('Why').fill('wet');
    await form.getByRole('button', { name: 'Received' }).click();
    await expectSeen(page.getByRole('row').filter({ hasText: '26 of 50' }));
    await form.getByLabel('Scan what came').fill(CASE);
    for (const wrong of ['-3', '0']) {
      await form.getByLabel('Units').fill(wrong);
      await form.getByRole('button', { name: 'Received' }).click();
      expect(await form.getByLabel('Units').evaluate((field: HTMLInputElement) => field.validity.valid)).toBe(false);
      expect(await form.getByLabel('Scan what came').inputValue()).toBe(CASE);
    }
    await form.getByLabel('Units').fill('');
    await form.getByLabel('Scan what came').fill('NOTHING');
    await form.getByRole('button', { name: 'Received' }).click();
    await expectSeen(form.getByText(/is no tag, no GS1 barcode/));
  });

  it('show what comes while it comes, and are closed by a person who is told what is short', async () => {
    const page = await openPage('T4/inbounds/ASN-7');
    const first = page.getByRole('row').filter({ hasText: '0 of 12' });
    await expectSeen(first);
    await expectSeen(page.getByRole('heading', { name: 'Listed, and not read yet' }));
    const feed = await openFeed(thePlace());
    await feed.reads('T4', crossing(LISTED.slice(0, 10), 'in', Date.now() - 15_000));
    await feed.reads('T4', crossing(LISTED.slice(0, 1), 'in', Date.now() + 1000).slice(0, 1));
    await expectSeen(page.getByRole('row').filter({ hasText: '10 of 12' }));
    await feed.end();
    const missing = page.getByRole('region', { name: 'Listed, and not read yet' }).getByRole('listitem');
    await expect.poll(() => missing.count()).toBe(2);
    await page.getByRole('button', { name: 'Close the receipt…' }).click();
    await expectSeen(page.getByText('2 did not come'));
    await expectSeen(page.getByText('5 came too many'));
    await page.getByLabel('Your name, for the record').fill('Grace');
    await page.getByRole('button', { name: 'Close it' }).click();
    await expectGone(page.getByText('Receipt 1 is open'));
    await expectSeen(page.getByText('rest to come'));
    const told = await ask<Told>(thePlace(), '/v1/inbounds/ASN-7?site=T4');
    expect(told).toMatchObject({ state: 'partial', lines: [{ received: 10 }, { received: 505 }] });
  });
});
