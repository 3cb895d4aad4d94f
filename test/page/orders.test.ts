// What is to go out: a list with how far each order has come, one of them released and picked by scans, a bin that is short.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask } from './feed.ts';

describePage('the orders', () => {
  useChromium();

  it('are listed with how far each has come, and what waits for stock', async () => {
    const page = await openPage('T4/orders');
    const card = page.getByRole('listitem').filter({ hasText: 'O-3' });
    await expectSeen(card.getByText('promised in part'));
    await expectSeen(card.getByText('30 promised'));
    await expectSeen(card.getByText('10 waiting'));
    await page.getByRole('button', { name: 'Waiting for stock' }).click();
    await expectSeen(page.getByText('There is no such order'));
  });

  it('are picked by scans along the way; a wrong one is refused, and what is not there is taken elsewhere', async () => {
    const page = await openPage('T4/orders/O-1', { mayComplain: true });
    const list = page.getByRole('region', { name: /Pick list/ });
    await expectSeen(list.getByText('Next: 10 of HINGES from A'));
    await list.getByLabel('Scan the item').fill('B');
    await list.getByRole('button', { name: 'Taken' }).click();
    await expectSeen(list.getByText('take it from A'));
    await list.getByRole('button', { name: 'Not there…' }).click();
    await page.getByLabel('Your name, for the record').fill('Grace');
    await list.getByRole('button', { name: 'It is not there' }).click();
    // Only bin B is left, of which the other orders lose what they were promised.
    await expectSeen(list.getByText('10 not taken here'));
    await expectGone(list.getByText('from A'));
  });

  it('are released to be picked when what they ask for is promised, and told as they are picked', async () => {
    const page = await openPage('T4/orders/O-4');
    await page.getByRole('button', { name: 'Release it to be picked' }).click();
    const list = page.getByRole('region', { name: /Pick list/ });
    await expectSeen(list.getByText('Next: 5 of LATCHES from B'));
    await list.getByLabel('Scan the item').fill('B');
    await list.getByRole('button', { name: 'Taken' }).click();
    await expectSeen(list.locator('.order-way').getByText('picked'));
    await expectSeen(page.getByText('5 picked').first());
    const told = await ask<{ state: string; picked: number }>(thePlace(), '/v1/orders/O-4?site=T4');
    expect(told).toMatchObject({ state: 'picked', picked: 5 });
  });
});
