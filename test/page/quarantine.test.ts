// What could not be understood: kept with its bytes and the reason, and taken in once the cause is mended.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { MAIN_SITE } from './sites.ts';

/** The site file with the reader that it did not know. */
const MENDED = {
  ...MAIN_SITE,
  readPoints: [
    ...MAIN_SITE.readPoints!,
    { id: 'YARD', kind: 'zone', location: 'R', antennas: [{ reader: 'door-9', antenna: 1 }] },
  ],
};

describePage('the quarantine', () => {
  useChromium();

  it('shows the bytes, where they came from and why they were not understood', async () => {
    const page = await openPage('T1/quarantine');
    const card = page.getByRole('listitem').filter({ hasText: 'not json' });
    await expectSeen(card.getByText('The envelope is not JSON'));
    await expectSeen(card.getByText('{"v":1,"epoch":'));
    await expectSeen(card.getByText('tallygate/v1/T1/gw-2/envelope'));
  });

  it('a replay before the cause is mended says so again; after it the message is taken in', async () => {
    const page = await openPage('T1/quarantine');
    const card = page.getByRole('listitem').filter({ hasText: 'unknown reader' });
    await card.getByRole('button', { name: 'Replay' }).click();
    await expectSeen(card.getByText('Still not understood'));
    const loaded = await fetch(`${thePlace().url}/v1/sites/T1`, {
      method: 'PUT',
      headers: { 'content-type': 'application/yaml', 'idempotency-key': 'mend-door-9' },
      body: JSON.stringify(MENDED),
    });
    expect(loaded.status).toBe(200);
    await card.getByRole('button', { name: 'Replay' }).click();
    await expectSeen(card.getByText(/Taken in at journal row/));
    await card.getByRole('button', { name: 'Done' }).click();
    await expectGone(card);
    await page.getByRole('button', { name: 'Replayed' }).click();
    await expectSeen(page.getByRole('listitem').filter({ hasText: 'door-9' }).getByText('replayed'));
  });
});
