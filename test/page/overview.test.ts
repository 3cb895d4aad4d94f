// The overview as a wall screen shows it: doors as they are read, what has passed, the ledger as it is written.
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanUp.ts';
import { crossing, epcOf } from '../support/sites.ts';
import { eventually, stays } from '../support/wait.ts';
import { expectSeen, markPage, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { openFeed, type Feed } from './feed.ts';
import { PALLETS, TAGS_A_PALLET } from './seed.ts';

const connect = async (): Promise<Feed> => {
  const feed = await openFeed(thePlace());
  closeAfterTest(() => feed.end());
  return feed;
};
const tagsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => epcOf(first + index));

describePage('the overview', () => {
  useChromium();

  it('shows every door with its sides and antennas, and the pallets that came through it', async () => {
    const page = await openPage('T3/overview');
    const door = page.getByRole('article', { name: 'DOOR' });
    await expectSeen(door.getByText('outside world'));
    await expectSeen(door.getByText('inside DOCK'));
    expect(await door.locator('.spark').count()).toBe(4);
    const lines = door.getByRole('listitem').filter({ hasText: ' in ' });
    await expect.poll(() => lines.count()).toBeGreaterThanOrEqual(1);
    await expectSeen(door.getByText(`${TAGS_A_PALLET} tags`, { exact: true }).first());
  });

  it('says how much waits for a person, and leads there', async () => {
    const page = await openPage('T3/overview');
    await page.getByRole('link', { name: /\d+ Open discrepancies/ }).click();
    await expectSeen(page.getByRole('heading', { name: 'Discrepancies', level: 1 }));
  });

  it('tells a pallet as one line of the ledger, which leads to its movements', async () => {
    const page = await openPage('T3/overview');
    const line = page
      .locator('.ticker-line')
      .filter({ hasText: `${TAGS_A_PALLET} tags · DOOR` })
      .first();
    await line.getByRole('link').click();
    await expectSeen(page.getByRole('table', { name: 'Movements' }));
    const rows = page.locator('.movements tbody tr');
    await expect.poll(() => rows.count()).toBe(TAGS_A_PALLET);
  });

  it('a pallet that drives out while somebody looks is read, passes and is booked, without a reload', async () => {
    const page = await openPage('T3/overview');
    const feed = await connect();
    const isStillThere = await markPage(page);
    await expectSeen(page.locator('[data-connection=live]'));
    const ledger = page.locator('.ticker-line');
    await ledger.nth(2).hover();
    await expectSeen(page.getByText('held while you are in it'));
    const before = await ledger.allTextContents();
    await feed.reads('T3', crossing(tagsFrom(2000, 7), 'out', Date.now() - 3000));
    await expect.poll(() => page.locator('.side-rate b').allTextContents(), { timeout: 8000 }).not.toEqual(['0', '0']);
    expect(await page.locator('.spark-bars').first().getAttribute('d')).toMatch(/^M/);
    await expectSeen(page.locator('.door-line').filter({ hasText: '7 tags' }));
    // While somebody points at the ledger it stands still, so that nobody presses what has just moved away.
    await stays('the first line', async () => (await ledger.first().textContent()) === before[0], 400);
    await page.locator('.counters').hover();
    await expectSeen(ledger.filter({ hasText: '7 tags' }));
    expect(await isStillThere()).toBe(true);
  });

  it('counts the pallets of the morning as they were', async () => {
    const page = await openPage('T3/overview');
    await eventually('the ledger is drawn', () => page.locator('.ticker-line').count());
    const whole = page.locator('.ticker-line').filter({ hasText: 'receive' });
    expect(await whole.count()).toBeGreaterThanOrEqual(PALLETS);
  });
});
