// Loads at their doors: what is short at a glance, what left by the wrong door on top, a seal by scan, and the truck that leaves.
import { expect, it } from 'vitest';
import { crossing, epcOf } from '../support/sites.ts';
import { expectGone, expectSeen, HANDHELD, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask, openFeed, tell } from './feed.ts';
import { AT_BENCH } from './seed.ts';

interface Load {
  readonly state: string;
  readonly seals: readonly string[];
  readonly orders: readonly { readonly order: string; readonly short: number }[];
  readonly alarms: readonly { readonly kind: string; readonly epc: string }[];
}

const loadOf = (id: string): Promise<Load> => ask<Load>(thePlace(), `/v1/loads/${id}?site=T5`);

describePage('the loads', () => {
  useChromium();

  it('are listed with what is short and what is wrong', async () => {
    const page = await openPage('T5/loads');
    const card = page.getByRole('listitem').filter({ hasText: 'TRUCK-1' });
    await expectSeen(card.getByText('short 21'));
    await expectSeen(card.getByText('1 thing wrong'));
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'TRUCK-2' }).getByText('Harbour Express'));
  });

  it('show what left by the wrong door before the truck leaves, and what is still to be loaded', async () => {
    const page = await openPage('T5/loads/TRUCK-1', { viewport: HANDHELD });
    const alarm = page.locator('.load-alarms');
    await expectSeen(alarm.getByText('It is of order L-1, which is on TRUCK-1 at DOOR, and went out at DOOR-2'));
    const crates = page.getByRole('listitem').filter({ hasText: 'L-2' }).first();
    await expectSeen(crates.getByText('20 picked, to be loaded'));
    // The other truck knows of it too: it has what is not its own.
    expect((await loadOf('TRUCK-2')).alarms).toMatchObject([{ kind: 'wrong-load' }]);
  });

  it('tell at once what goes out and was never picked', async () => {
    const page = await openPage('T5/loads/TRUCK-1');
    const unpicked = epcOf(9100);
    const before = new Date(Date.now() - 60_000).toISOString();
    await tell(thePlace(), '/v1/movements', { site: 'T5', epc: unpicked, to: 'DOCK', at: before });
    const alarm = page.locator('.load-alarms').getByText('was never picked for an order: stop the truck');
    await expectSeen(page.locator('.load-alarms'));
    const feed = await openFeed(thePlace());
    await feed.reads('T5', crossing([unpicked], 'out', Date.now() - 20_000));
    await expectSeen(alarm);
    await feed.reads('T5', crossing([unpicked], 'in', Date.now() - 2000));
    await expectGone(alarm);
    await feed.end();
  });

  it('are opened, sealed, added to and closed by a person, with what stays behind before the eye', async () => {
    const page = await openPage('T5/loads', { viewport: HANDHELD, mayComplain: true });
    await tell(thePlace(), '/v1/adjustments', {
      site: 'T5',
      sku: 'TUBES',
      quantity: 9,
      location: 'B',
      reason: 'counted',
    });
    const order = { site: 'T5', customer: 'SHOP-2' };
    await tell(thePlace(), '/v1/orders', { ...order, id: 'L-8', lines: [{ line: '1', sku: 'TUBES', quantity: 3 }] });
    await tell(thePlace(), '/v1/orders', { ...order, id: 'L-9', lines: [{ line: '1', sku: 'TUBES', quantity: 6 }] });
    await page.getByRole('button', { name: 'Open a load…' }).click();
    await page.getByLabel('Number of the load').fill('TRUCK-9');
    await page.getByLabel('Carrier').fill('Northline');
    await page.getByLabel('Its orders').fill('L-8');
    await page.getByLabel('Your name, for the record').fill('Grace');
    await page.getByRole('button', { name: 'Open it' }).click();
    await expectSeen(page.locator('.inbound-head').getByText('nothing loaded yet'));
    const seal = page.getByLabel('Scan the seal');
    await seal.fill('S-77');
    await seal.press('Enter');
    await expectSeen(page.locator('.facts').getByText('S-77'));
    const join = page.getByLabel('Scan an order');
    await join.fill('NONE');
    await join.press('Enter');
    await expectSeen(page.getByText('There is no order NONE'));
    await join.fill('L-9');
    await join.press('Enter');
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'L-9' }).first());
    await page.getByRole('button', { name: 'The truck leaves…' }).click();
    await expectSeen(page.getByText('9 units of 2 orders stay behind'));
    await expectSeen(page.getByText('Sealed with S-77.'));
    await page.getByRole('button', { name: 'It leaves' }).click();
    await expectGone(page.getByRole('button', { name: 'Not yet' }));
    expect(await loadOf('TRUCK-9')).toMatchObject({
      state: 'closed',
      seals: ['S-77'],
      orders: [
        { order: 'L-8', short: 3 },
        { order: 'L-9', short: 6 },
      ],
    });
  });

  it('count what is loaded as it goes through the door', async () => {
    const page = await openPage('T5/loads/TRUCK-1');
    await expectSeen(page.getByText('short 21'));
    const feed = await openFeed(thePlace());
    await feed.reads('T5', crossing([AT_BENCH], 'out', Date.now() - 1000));
    await expectSeen(page.getByText('short 20'));
    await feed.end();
  });

  it('have doors that are booked for trucks, one at a time', async () => {
    const page = await openPage('T5/loads', { viewport: HANDHELD, mayComplain: true });
    const doors = page.getByRole('region', { name: 'At the doors' });
    await doors.getByRole('button', { name: 'Book a door' }).click();
    await doors.getByLabel(/^Door/).selectOption('DOOR-2');
    await doors.getByLabel('Carrier').fill('Harbour Express');
    await doors.getByRole('button', { name: 'Book it' }).click();
    const line = doors.getByRole('listitem').filter({ hasText: 'Harbour Express' });
    await expectSeen(line.getByText('to come'));
    await doors.getByLabel('For, minutes').selectOption('30');
    await doors.getByRole('button', { name: 'Book it' }).click();
    await expectSeen(doors.getByRole('alert'));
    await line.getByRole('button', { name: 'It is here' }).click();
    await expectSeen(line.getByText('here, in time'));
    await line.getByRole('button', { name: 'It has left' }).click();
    await expectGone(line);
  });
});
