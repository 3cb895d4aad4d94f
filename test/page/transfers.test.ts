// Transfers: seen under way by the site that waits for them, and closed there with what did not come.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask } from './feed.ts';
import { eventually } from '../support/wait.ts';

describePage('the transfers', () => {
  useChromium();

  it('are under way until the receiver says that nothing more comes', async () => {
    const page = await openPage('T4/transfers');
    const card = page.getByRole('listitem').filter({ hasText: 'X-1' });
    await expectSeen(card.getByText('from T3'));
    await expectSeen(card.getByText('under way').first());
    await card.getByRole('button', { name: 'Nothing more comes…' }).click();
    await expectSeen(card.getByText('12 did not come: T3 writes them off.'));
    await card.getByLabel('Your name, for the record').fill('Grace');
    await card.getByRole('button', { name: 'Close it' }).click();
    await expectGone(card);
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await expectSeen(page.getByText('12 did not come'));
    await eventually('the sender knows', async () => {
      const { items } = await ask<{ items: { sku: string }[] }>(
        thePlace(),
        '/v1/discrepancies?site=T3&kind=transfer-short',
      );
      return items.length === 1;
    });
    expect(page.url()).toContain('state=closed');
  });
});
