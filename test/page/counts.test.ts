// Counts: a bin counted blind on a handheld, twice since it differs, and approved by somebody else at a desk.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, HANDHELD, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask } from './feed.ts';

interface Told {
  readonly tasks: readonly { readonly location: string; readonly state: string; readonly approvedBy: string | null }[];
}
const told = async (id: string) => (await ask<Told>(thePlace(), `/v1/counts/${id}?site=T4`)).tasks;

describePage('the counts', () => {
  useChromium();

  it('show what differs to whoever approves it, who is not who counted', async () => {
    const page = await openPage('T4/counts');
    await expectSeen(page.getByText('0 of 2 bins done'));
    await page.getByRole('link', { name: 'C-1' }).click();
    const bin = page.getByRole('listitem').filter({ hasText: 'waits for approval' });
    await expectSeen(bin.getByRole('cell', { name: '12', exact: true }));
    await bin.getByRole('button', { name: 'Approve…' }).click();
    await bin.getByLabel('Your name, for the record').fill('Grace');
    await bin.getByRole('button', { name: 'Post what was counted' }).click();
    await expectSeen(page.getByText('approved by Grace'));
    expect(await told('C-1')).toContainEqual(expect.objectContaining({ location: 'R', state: 'closed' }));
  });

  it('are entered blind on a handheld: scanned or typed, taken back, and sent as a whole', async () => {
    const page = await openPage('T4/counts/C-1', { viewport: HANDHELD });
    await page.getByRole('button', { name: 'Count A-01' }).click();
    expect(await page.locator('main').textContent()).not.toMatch(/\b7\b/);
    const what = page.getByLabel('SKU, barcode or tag');
    for (const sku of ['PEGS', 'PINS']) {
      await what.fill(sku);
      await page.getByLabel('Quantity').fill('5');
      await what.press('Enter');
    }
    await page.getByRole('button', { name: 'Take back PINS' }).click();
    await page.getByLabel('Your name, for the record').fill('Ada');
    await page.getByRole('button', { name: 'That is all' }).click();
    await expectSeen(page.getByText('count it again'));
    await page.getByRole('button', { name: 'Count A-01' }).click();
    await what.fill('PEGS');
    await page.getByLabel('Quantity').fill('7');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('button', { name: 'That is all' }).click();
    await expectGone(page.getByText('count it again'));
    expect((await told('C-1')).find(({ location }) => location === 'A-01')).toMatchObject({ state: 'closed' });
  });

  it('are planned: by place, and what makes no sense is said', async () => {
    const page = await openPage('T4/counts', { mayComplain: true });
    const places = page.getByLabel('Places, with what is in them');
    await places.fill('NOWHERE');
    await page.getByRole('button', { name: 'Plan it' }).click();
    await expectSeen(page.getByText('NOWHERE is not a location of T4'));
    await page.locator('.count-plan select').selectOption('sample');
    await page.getByRole('button', { name: 'Plan it' }).click();
    await expectSeen(page.getByRole('heading', { name: /Count COUNT-\d+/ }));
  });
});
