// At the bench: what is missing is named, a scan packs, a wrong one is refused, and the label is one press away.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask } from './feed.ts';
import { BOXED, CARTON } from './seed.ts';

describePage('the pack bench', () => {
  useChromium();

  it('opens a carton for an order, and says when it cannot', async () => {
    const page = await openPage('T4/packing', { mayComplain: true });
    await expectSeen(page.getByRole('listitem').filter({ hasText: CARTON }).getByText('4 missing'));
    const order = page.getByLabel('Order to be packed');
    await order.fill('NONE');
    await order.press('Enter');
    await expectSeen(page.getByText('There is no order NONE'));
    await order.fill('O-5');
    await order.blur();
    // Four of 10 × 10 × 9 cm are left: two have room in the small one.
    const cartons = page.getByRole('region', { name: 'Cartons for O-5' });
    await expectSeen(cartons.getByText('4 of'));
    await cartons.getByRole('button', { name: 'Open a LARGE' }).click();
    await expectSeen(page.getByText('Nothing yet.'));
    await expectSeen(page.getByText(', a LARGE'));
    await page.getByRole('button', { name: 'Give it up…' }).click();
    await page.getByLabel('Your name, for the record').fill('Grace');
    await page.getByRole('button', { name: 'Give it up', exact: true }).click();
    await expectSeen(page.getByText('It was given up.'));
  });

  it('is used with a scanner: Enter packs, the box is ready again, and what is wrong is refused', async () => {
    const page = await openPage(`T4/packing/${CARTON}`, { mayComplain: true });
    const missing = page.getByRole('region', { name: 'Missing' });
    await expectSeen(missing.getByText(BOXED));
    const box = page.getByLabel('Scan what goes in');
    await box.fill('no code');
    await box.press('Enter');
    await expectSeen(page.getByText('is no tag, no GS1 barcode'));
    for (let scan = 1; scan <= 4; scan++) {
      await expect.poll(() => box.evaluate((input) => input === document.activeElement)).toBe(true);
      await page.keyboard.type(`]C101${BOXED}`);
      await page.keyboard.press('Enter');
      await expectSeen(page.getByRole('region', { name: 'In it' }).getByText(String(2 + scan), { exact: true }));
    }
    await expectSeen(missing.getByText('Nothing: the order is in its cartons.'));
    await page.getByRole('button', { name: 'Close it' }).click();
    await expectSeen(page.getByText('closed', { exact: true }));
    const label = await page.getByRole('link', { name: 'Label', exact: true }).getAttribute('href');
    expect((await fetch(new URL(label!, thePlace().url))).headers.get('content-type')).toBe('application/pdf');
    expect(await ask(thePlace(), `/v1/cartons/${CARTON}?site=T4`)).toMatchObject({ state: 'closed', quantity: 6 });
    // A carrier takes it: by hand, with its number; what is handed over has left.
    const carrier = page.getByRole('region', { name: 'Carrier' });
    await carrier.getByLabel('Who takes it').selectOption('VAN');
    await carrier.getByLabel('Its number').fill('V-77');
    await carrier.getByRole('button', { name: 'Book it' }).click();
    await expectSeen(carrier.getByText('V-77'));
    await page.getByRole('link', { name: 'All cartons' }).click();
    const waiting = page.getByRole('region', { name: 'Waiting for carriers' }).getByRole('listitem');
    await expectSeen(waiting.getByText('1 carton'));
    await waiting.getByRole('button', { name: 'Handed over' }).click();
    await expectGone(waiting);
    expect(await ask(thePlace(), '/v1/orders/O-5?site=T4')).toMatchObject({ state: 'shipped' });
  });
});
