// What is wrong now: the worst first, why, what to do; and a person who looks after it, lets it rest, or has put it right.
import { expect, it } from 'vitest';
import { viewOf } from '../../src/dashboard/views/alerts/look.ts';
import { expectGone, expectSeen, HANDHELD, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask } from './feed.ts';

interface Listed {
  readonly items: readonly { readonly state: string; readonly stateBy: string }[];
}

describePage('the alerts', () => {
  useChromium();

  it('are counted in the navigation and on the overview, where they come first', async () => {
    const page = await openPage('T1/overview');
    await expectSeen(page.getByRole('link', { name: /^Alerts \d+ open$/ }));
    const counter = page.locator('.counter').first();
    await expect.poll(() => counter.textContent()).toMatch(/^\d+Alerts/);
    await counter.click();
    await expectSeen(page.locator('h1').getByText('Alerts'));
  });

  it('come with the worst first, say what is wrong, how sure that is, and what to do', async () => {
    const page = await openPage('T1/alerts');
    await expectSeen(page.getByText('Nothing of BOLTS is available in T1; the minimum is 10.'));
    const severities = await page.locator('.alert .severity').allTextContents();
    const ranks = severities.map((text) => ['critical', 'warning', 'info'].indexOf(text.trim()));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    const card = page.locator('.alert').filter({ hasText: 'Nothing of BOLTS' });
    await expectSeen(card.getByText('Order 40 of it.'));
    await expectSeen(card.getByText('counted'));
  });

  it('say why: the figures behind them, what happened, and where more of it is', async () => {
    const page = await openPage('T1/alerts?kind=missed-exit');
    const card = page.locator('.alert').first();
    await card.getByText('Why, and what happened').click();
    await expectSeen(card.locator('.alert-facts').getByText('DOOR'));
    await expectSeen(card.getByRole('list', { name: 'History' }).getByText('opened by tallygate'));
    await card.getByRole('link', { name: 'Evidence' }).click();
    await expectSeen(page.locator('h1').getByText('Discrepancies'));
    await expect.poll(() => page.locator('.card-kind').allTextContents()).toEqual(['missed exit']);
  });

  it('are looked after by somebody with a name, who rests them, and resolves them', async () => {
    const page = await openPage('T1/alerts');
    const card = page.locator('.alert').filter({ hasText: 'Nothing of NAILS' });
    await card.getByRole('button', { name: 'Acknowledge…' }).click();
    const note = card.getByLabel('Note');
    await expect.poll(() => note.evaluate((field) => field === document.activeElement)).toBe(true);
    await card.getByLabel('Your name, for the record').fill('Grace');
    await note.fill('ordered');
    await note.press('Enter');
    await expectSeen(card.getByText('Grace looks after it'));
    await card.getByRole('button', { name: 'Snooze…' }).click();
    await card.getByLabel('For how long').selectOption('4 hours');
    await card.getByRole('button', { name: 'Snooze', exact: true }).click();
    await expectSeen(card.getByText(/snoozed by Grace until/));
    await card.getByRole('button', { name: 'Resolve…' }).click();
    await card.getByLabel('What was done').fill('they came');
    await card.getByRole('button', { name: 'Resolve', exact: true }).click();
    await expectGone(card);
    await page.getByRole('button', { name: 'Resolved', exact: true }).click();
    await expectSeen(
      page
        .locator('.alert')
        .filter({ hasText: 'Nothing of NAILS' })
        .getByText(/resolved by Grace/),
    );
    const { items } = await ask<Listed>(thePlace(), '/v1/alerts?site=T1&state=resolved&kind=stock-out');
    expect(items).toMatchObject([{ state: 'resolved', stateBy: 'Grace' }]);
  });

  it('are at hand on a handheld', async () => {
    const page = await openPage('T1/overview', { viewport: HANDHELD });
    await page
      .getByRole('navigation')
      .getByRole('link', { name: /^Alerts/ })
      .click();
    await expectSeen(page.getByText('Nothing of BOLTS is available in T1; the minimum is 10.'));
  });
});

it.each([
  ['/v1/findings?site=T1&readPoint=DOOR', '#/T1/health'],
  ['/v1/discrepancies?site=T1&kind=missed-exit', '#/T1/discrepancies?kind=missed-exit'],
  ['/v1/nothing', undefined],
])('the evidence %s of an alert is in the view %s', (look, view) => {
  expect(viewOf(look)).toBe(view);
});
