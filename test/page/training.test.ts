// A site where people practise says so on every page, and a real one does not.
import { it } from 'vitest';
import { expectGone, expectSeen, goTo, openPage, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';

describePage('a site for training', () => {
  useChromium();

  it('is marked on every page', async () => {
    const page = await openPage('T9/overview');
    const mark = page.getByRole('note').filter({ hasText: 'nothing here is real' });
    await expectSeen(mark);
    for (const view of ['orders', 'stock', 'tasks', 'alerts', 'sites']) {
      await goTo(page, `T9/${view}`);
      await expectSeen(page.locator('h1'));
      await expectSeen(mark);
    }
    await goTo(page, 'T1/stock');
    await expectGone(mark);
  });
});
