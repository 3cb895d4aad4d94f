// The movement history: what was booked, found again, page by page, and why.
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanUp.ts';
import { crossing, epcOf } from '../support/sites.ts';
import { expectGone, expectSeen, markPage, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, openFeed } from './feed.ts';
import { palletOf, TAGS_A_PALLET, UNKNOWN_TAG } from './seed.ts';

interface Listed {
  readonly items: readonly { readonly id: string; readonly epc: string; readonly happenedAt: string }[];
}

const ROWS = '.movements tbody tr';
const FIRST_PAGE = 100;

describePage('the movement history', () => {
  useChromium();

  it('lists the newest first and loads what is older, until that is all', async () => {
    const page = await openPage('T1/movements?type=receive');
    await expect.poll(() => page.locator(ROWS).count()).toBe(FIRST_PAGE);
    await page.getByRole('button', { name: 'Load older' }).click();
    const { items } = await ask<Listed>(thePlace(), '/v1/movements?site=T1&type=receive&limit=1000');
    await expect.poll(() => page.locator(ROWS).count()).toBe(items.length);
    expect(await page.getByRole('button', { name: 'Load older' }).count()).toBe(0);
    await expectSeen(page.getByText(`${items.length} movements shown`));
    const times = await page
      .locator(`${ROWS} time`)
      .evaluateAll((all) => all.map((one) => one.getAttribute('datetime')!));
    expect(times).toEqual([...times].sort((a, b) => Date.parse(b) - Date.parse(a)));
  });

  it('finds the movements of one tag; the filter is in the address and outlives a reload', async () => {
    const [tag = ''] = palletOf(3);
    const page = await openPage('T1/movements');
    await page.getByLabel('EPC', { exact: true }).fill(tag.toLowerCase());
    await page.getByLabel('EPC', { exact: true }).press('Enter');
    await expect.poll(() => page.locator(ROWS).count()).toBe(2);
    await page.reload();
    await expect.poll(() => page.locator(ROWS).count()).toBe(2);
    expect(await page.locator(`${ROWS} .type`).allTextContents()).toEqual(['putaway', 'receive']);
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => page.locator(ROWS).count()).toBe(FIRST_PAGE);
  });

  it('narrows by place, kind and read point, and says when nothing fits', async () => {
    const page = await openPage('T1/movements');
    await page.getByLabel('Seen by').selectOption('AISLE-A');
    await expect.poll(() => page.locator(ROWS).count()).toBe(4);
    await page.getByLabel('Location').selectOption('A');
    await expect.poll(() => page.locator(ROWS).count()).toBe(4);
    await page.getByLabel('Type').selectOption('ship');
    await expectSeen(page.getByText('No movement fits'));
  });

  it('a row shows why: in words, as a plot of the reads around the crossing, in odds, in ledger lines', async () => {
    const [tag = ''] = palletOf(1).slice(5);
    const page = await openPage(`T1/movements?epc=${tag}`);
    await page.locator(ROWS).first().locator('.type').click();
    const why = page.getByRole('complementary', { name: 'Why?' });
    await expectSeen(why.getByText(`DOOR saw it cross inward, together with ${TAGS_A_PALLET - 1} others`));
    await expectSeen(why.getByText('It was booked as receive from world to DOCK in 1 ledger line.'));
    // A dozen reads a tag, half of them on either side, and the moment in between.
    expect(await why.locator('.plot .mark-outside').count()).toBe(6 + 1);
    // Told before the last reads came: those are not in the picture.
    expect(await why.locator('.plot .mark-inside').count()).toBeGreaterThanOrEqual(1 + 1);
    expect(await why.locator('.plot .mark-inside').count()).toBeLessThanOrEqual(6 + 1);
    expect(await why.locator('.plot-crossing').count()).toBe(1);
    await expectSeen(why.getByRole('table', { name: 'Scores' }).getByText('all tags together, that anything crossed'));
    await expectSeen(why.getByRole('table', { name: 'Ledger lines' }).getByText('supplier'));
    await expect
      .poll(() => why.getByRole('table', { name: 'Reads that were weighed' }).locator('tbody tr').count())
      .toBeGreaterThanOrEqual(7);
  });

  it('the evidence opens and closes by keyboard, and gives the focus back', async () => {
    const page = await openPage('T1/movements');
    const link = page.locator(`${ROWS} .cell-time a`).first();
    await link.focus();
    await page.keyboard.press('Enter');
    await expectSeen(page.getByRole('complementary', { name: 'Why?' }));
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('evidence-title');
    await page.keyboard.press('Escape');
    await expectGone(page.getByRole('complementary', { name: 'Why?' }));
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('an EPC in the search leads to the item: where it is, since when, and its life', async () => {
    const [tag = ''] = palletOf(3);
    const page = await openPage('T1/overview');
    await page.getByRole('searchbox').fill(tag);
    await page.getByRole('searchbox').press('Enter');
    await expectSeen(page.locator('.item-place').getByText('A', { exact: true }));
    await expect.poll(() => page.locator(ROWS).count()).toBe(2);
    await expectSeen(page.getByRole('table', { name: 'Passages of this item' }).getByText('DOOR', { exact: true }));
    await expectSeen(page.getByText('SGTIN-96'));
  });

  it('a tag that no SKU is known for is told as such', async () => {
    const page = await openPage(`T1/items/${UNKNOWN_TAG}`);
    await expectSeen(page.getByText('unknown item').first());
  });

  it('a tag that never moved is told as such, not as an error', async () => {
    const page = await openPage(`T1/items/${epcOf(999_999)}`, { mayComplain: true });
    await expectSeen(page.getByText('No movement of this tag is known'));
  });

  it('leaves what somebody is typing alone, whatever happens meanwhile', async () => {
    const page = await openPage('T1/movements');
    const feed = await openFeed(thePlace());
    closeAfterTest(() => feed.end());
    await expectSeen(page.locator('[data-connection=live]'));
    await page.getByLabel('EPC', { exact: true }).fill('3034');
    await feed.reads('T1', crossing([epcOf(3101)], 'in', Date.now() - 4000));
    await expectSeen(page.locator(`${ROWS} [title="${epcOf(3101)}"]`));
    expect(await page.getByLabel('EPC', { exact: true }).inputValue()).toBe('3034');
  });

  it('puts new movements on top; further down it only counts them, so that nothing moves under the reader', async () => {
    const page = await openPage('T1/movements');
    const feed = await openFeed(thePlace());
    closeAfterTest(() => feed.end());
    const isStillThere = await markPage(page);
    await expectSeen(page.locator('[data-connection=live]'));
    await expectSeen(page.locator(ROWS).first());
    const first = [epcOf(3001), epcOf(3002)];
    await feed.reads('T1', crossing(first, 'in', Date.now() - 4000));
    await expectSeen(page.locator(ROWS).first().getByText('…00000BB', { exact: false }));
    await page.mouse.wheel(0, 1200);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(200);
    await feed.reads('T1', crossing([epcOf(3003)], 'in', Date.now() - 4000));
    await page.getByRole('button', { name: /new movement/ }).click();
    await expectSeen(page.locator(`${ROWS} [title="${epcOf(3003)}"]`));
    expect(await isStillThere()).toBe(true);
  });
});
