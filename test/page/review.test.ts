// The review queue: what the reads left undecided, decided by a person, booked by the ledger. Each test takes a group of its
// own, at the site where every crossing waits.
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanUp.ts';
import { crossing, epcOf } from '../support/sites.ts';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, openFeed } from './feed.ts';
import { waitingTagsOf } from './seed.ts';

interface Moved {
  readonly items: readonly {
    readonly epc: string;
    readonly source: string;
    readonly from: string;
    readonly to: string;
  }[];
}

const groupWith = (page: Page, epc: string): Locator =>
  page.getByRole('article').filter({ has: page.locator(`[title="${epc}"]`) });
const movementsOf = (epc: string): Promise<Moved> => ask<Moved>(thePlace(), `/v1/movements?site=T2&epc=${epc}`);
/** Badge in the navigation and the heading of the list tell the same. */
const waitingCount = async (page: Page): Promise<number> =>
  Number.parseInt((await page.locator('.page-note').textContent()) ?? '', 10);

describePage('the review queue', () => {
  useChromium();

  it('shows what crossed together, with what each tag most likely did', async () => {
    const page = await openPage('T2/review');
    const group = groupWith(page, waitingTagsOf(1)[0]!);
    await expectSeen(group.getByText('3 of 3 together undecided'));
    expect(await group.locator('.cell-likely').allTextContents()).toEqual(['in', 'in', 'in']);
  });

  it('shows the reads of an undecided tag beside it, so that a person weighs what the service weighed', async () => {
    const [tag = ''] = waitingTagsOf(1);
    const page = await openPage('T2/review');
    await page.getByRole('link', { name: `Why? The reads of ${tag}` }).click();
    const why = page.getByRole('complementary', { name: 'Why?' });
    await expectSeen(why.getByText('Most likely in, but not likely enough to move stock.'));
    expect(await why.locator('.plot .mark-outside').count()).toBeGreaterThan(1);
    await expectSeen(why.getByText(/^DOOR read it 12 times: 6 outside \(best /));
    expect(await why.getByRole('table', { name: 'What each side heard' }).locator('tbody tr').count()).toBe(2);
    expect(await why.getByRole('table', { name: 'Outcomes' }).locator('tbody th').first().textContent()).toBe('in');
    expect(await why.getByRole('table', { name: 'Reads that were weighed' }).locator('tbody tr').count()).toBe(12);
  });

  it('a decision books the movement of the whole group under the name of who decided, and it leaves the queue', async () => {
    const tags = waitingTagsOf(2);
    const page = await openPage('T2/review');
    const group = groupWith(page, tags[0]!);
    await expectSeen(group);
    const before = await waitingCount(page);
    await group.getByRole('button', { name: 'in', exact: true }).click();
    await expectSeen(group.getByText('booked from world to DOCK.'));
    await group.getByLabel('Reason (optional)').fill('saw it on the camera');
    await group.getByLabel('Your name, for the record').fill('Ada');
    await group.getByRole('button', { name: 'Confirm' }).click();
    await expectSeen(page.getByText('3 tags decided as in, 3 movements posted.'));
    await expectGone(group);
    await expect.poll(() => waitingCount(page)).toBe(before - 3);
    await page.locator('.result-links a').first().click();
    await expectSeen(page.getByText('Ada said so: “saw it on the camera”'));
    for (const tag of tags) expect((await movementsOf(tag)).items).toMatchObject([{ from: 'world', to: 'DOCK' }]);
  });

  it('only the chosen tags are decided, the others stay', async () => {
    const [first = '', second = '', third = ''] = waitingTagsOf(3);
    const page = await openPage('T2/review');
    await groupWith(page, first).getByLabel(`Choose ${second}`).uncheck();
    await expectSeen(groupWith(page, first).getByText('Decide 2 tags:'));
    await groupWith(page, first).getByRole('button', { name: 'stayed' }).click();
    await expectSeen(groupWith(page, first).getByText('nothing moves.'));
    await groupWith(page, first).getByRole('button', { name: 'Confirm' }).click();
    await expectSeen(page.getByText('2 tags decided as stayed, no movement posted.'));
    await expectGone(groupWith(page, third));
    await expectSeen(groupWith(page, second));
    expect((await movementsOf(first)).items).toEqual([]);
  });

  it('works by keyboard alone, and goes on with the group below', async () => {
    const page = await openPage('T2/review');
    const group = groupWith(page, waitingTagsOf(5)[0]!);
    await group.getByRole('button', { name: 'out', exact: true }).focus();
    await page.keyboard.press('Enter');
    await expectSeen(group.getByRole('button', { name: 'Confirm' }));
    await page.keyboard.press('Escape');
    await expectGone(group.getByRole('button', { name: 'Confirm' }));
    await group.getByRole('button', { name: 'in', exact: true }).focus();
    await page.keyboard.press('Enter');
    await expectSeen(group.getByText('booked from world to DOCK.'));
    // Reason, name, then the button that confirms.
    for (let field = 0; field < 3; field++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expectSeen(page.getByText('3 tags decided as in, 3 movements posted.'));
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
  });

  it('tells a refusal and keeps the tag in the queue', async () => {
    const [tag = ''] = waitingTagsOf(4);
    const page = await openPage('T2/review', { mayComplain: true });
    await page.route('**/decision', (route) =>
      route.fulfill({ status: 409, json: { code: 'already-decided', detail: 'Somebody else has decided it.' } }),
    );
    await groupWith(page, tag).getByRole('button', { name: 'in', exact: true }).click();
    await groupWith(page, tag).getByRole('button', { name: 'Confirm' }).click();
    await expectSeen(page.getByText('Refused: Somebody else has decided it.'));
    await expectSeen(groupWith(page, tag).getByText('Decide 3 tags:'));
  });

  it('does not move while somebody works in it: new groups are announced and wait', async () => {
    const page = await openPage('T2/review');
    const feed = await openFeed(thePlace());
    closeAfterTest(() => feed.end());
    await expectSeen(page.locator('[data-connection=live]'));
    await groupWith(page, waitingTagsOf(6)[0]!).hover();
    const tag = epcOf(5900);
    await feed.reads('T2', crossing([tag, epcOf(5901), epcOf(5902)], 'in', Date.now() - 4000));
    await expectSeen(page.getByText('1 new group above'));
    expect(await groupWith(page, tag).count()).toBe(0);
    await page.locator('.bar').hover();
    await expectSeen(groupWith(page, tag));
  });
});
