// Where books and building differ: seen, explained, settled by a person with a reason.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask } from './feed.ts';
import { TWICE, UNKNOWN_TAG } from './seed.ts';

interface Settled {
  readonly items: readonly { readonly settledBy: string; readonly settlement: string }[];
}

describePage('the discrepancies', () => {
  useChromium();

  it('say what differs, of which tag, and why the movement behind it was booked', async () => {
    const page = await openPage('T1/discrepancies');
    const card = page.getByRole('listitem').filter({ has: page.locator(`[title="${TWICE}"]`) });
    await expectSeen(card.getByText('it must have left unseen'));
    await card.getByRole('link', { name: 'Why?' }).click();
    await expectSeen(page.getByRole('complementary', { name: 'Why?' }).getByText('DOOR saw it cross inward'));
  });

  it('are narrowed to a kind, and to all again', async () => {
    const page = await openPage('T1/discrepancies');
    await page.getByRole('link', { name: 'unknown item' }).first().click();
    await expect.poll(() => page.locator('.card-kind').allTextContents()).toEqual(['unknown item']);
    await page.getByRole('button', { name: 'unknown item' }).click();
    await expectSeen(page.getByRole('link', { name: 'missed exit' }));
  });

  it('are settled with a reason and a name, and then told as settled', async () => {
    const page = await openPage('T1/discrepancies');
    const card = page.getByRole('listitem').filter({ has: page.locator(`[title="${UNKNOWN_TAG}"]`) });
    await card.getByRole('button', { name: 'Settle…' }).click();
    const reason = card.getByLabel('What was found, what was done');
    await expect.poll(() => reason.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await card.getByRole('button', { name: 'Settle it' }).isDisabled()).toBe(true);
    await reason.fill('it is a test label');
    await card.getByLabel('Your name, for the record').fill('Grace');
    await reason.press('Enter');
    await expectGone(card);
    await page.getByRole('button', { name: 'Settled', exact: true }).click();
    await expectSeen(page.getByText(/Settled by Grace .*: it is a test label/));
    const { items } = await ask<Settled>(thePlace(), `/v1/discrepancies?site=T1&state=settled&epc=${UNKNOWN_TAG}`);
    expect(items).toMatchObject([{ settledBy: 'Grace', settlement: 'it is a test label' }]);
  });
});
