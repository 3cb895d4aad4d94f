// What the page says when there is nothing yet, when it waits, when the service is away, and that it mends itself.
import type { Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanUp.ts';
import { crossing, epcOf } from '../support/sites.ts';
import { expectGone, expectSeen, goTo, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { openFeed } from './feed.ts';

/** Everything that views load; the sites and the live stream come through. */
const LOADED = /\/v1\/(?!sites|live)/;
const NOTHING = { items: [], next: null };
const NOTHING_IN = [
  ['movements', 'Nothing has been booked here yet'],
  ['stock', 'Nothing in stock'],
  ['passages', 'The first passage appears by itself.'],
  ['review', 'Everything is decided'],
  ['discrepancies', 'Books and building agree'],
  ['quarantine', 'Everything was understood'],
  ['gaps', 'Nothing is missing'],
  ['gateways', 'No gateway has spoken yet'],
] as const;
const AWAY = {
  status: 503,
  contentType: 'application/problem+json',
  json: { code: 'unavailable', title: 'Unavailable', detail: 'Postgres does not answer just now.' },
};

const answering =
  (how: Parameters<Route['fulfill']>[0], what: RegExp | string = LOADED) =>
  async (page: Page): Promise<void> => {
    await page.route(what, (route) => route.fulfill(how));
  };

describePage('the page, when not all is well,', () => {
  useChromium();

  it('has a good word wherever there is nothing', async () => {
    const page = await openPage('T1/overview', {}, answering({ json: NOTHING }));
    await expectSeen(page.getByText('Nothing has moved yet'));
    await expectSeen(page.getByText('No passage yet'));
    for (const [view, words] of NOTHING_IN) {
      await goTo(page, `T1/${view}`);
      await expectSeen(page.getByText(words));
    }
  });

  it('says what to do when there is no site, and notices the first one', async () => {
    const page = await openPage('', {}, answering({ json: NOTHING }, '**/v1/sites'));
    await expectSeen(page.getByText('No site yet'));
    await page.unroute('**/v1/sites');
    await expectSeen(page.getByRole('article', { name: 'DOOR' }));
  });

  it('leads back from a site that does not exist', async () => {
    const page = await openPage('NOWHERE/stock');
    await expectSeen(page.getByText('There is no site NOWHERE'));
    await page.getByRole('link', { name: 'Go to T1' }).click();
    await expectSeen(page.getByRole('article', { name: 'DOOR' }));
  });

  it('keeps the place of what is coming', async () => {
    const page = await openPage('T1/movements', {}, async (opened) => {
      await opened.route(LOADED, () => undefined);
    });
    await expectSeen(page.locator('main .loading-line').first());
    expect(await page.getByText('No movement fits').count()).toBe(0);
  });

  it('tells a failure in words, and loads by itself once it has passed', async () => {
    const page = await openPage('T1/movements', { mayComplain: true }, answering(AWAY));
    const alert = page.getByRole('alert').filter({ hasText: 'Postgres does not answer just now.' });
    await expectSeen(alert);
    await expectSeen(alert.getByText('503 · unavailable · it is tried again by itself'));
    await page.unroute(LOADED);
    await expectSeen(page.locator('.movements .row').first());
    await expectGone(alert);
  });

  it('never says on the overview that nothing has moved when it only could not ask', async () => {
    const page = await openPage('T1/overview', { mayComplain: true }, answering(AWAY));
    await expectSeen(page.locator('.ticker').getByText('Postgres does not answer just now.'));
    await expectSeen(page.locator('.counters').getByText('not known').first());
    expect(await page.getByText('Nothing has moved yet').count()).toBe(0);
    await page.unroute(LOADED);
    await expectSeen(page.locator('.ticker-line').first());
    await expectGone(page.locator('.ticker').getByText('Postgres does not answer'));
  });

  it('says plainly that what it shows is old while the line is down, and catches up after', async () => {
    const page = await openPage('T1/movements', { mayComplain: true });
    const feed = await openFeed(thePlace());
    closeAfterTest(() => feed.end());
    await expectSeen(page.locator('[data-connection=live]'));
    await page.context().setOffline(true);
    await expectSeen(page.getByRole('alert').filter({ hasText: 'No live data' }));
    expect(await page.locator('[data-connection]').getAttribute('data-connection')).toBe('lost');
    const tag = epcOf(7001);
    await feed.reads('T1', crossing([tag, epcOf(7002)], 'in', Date.now() - 4000));
    await page.context().setOffline(false);
    await expectSeen(page.locator('[data-connection=live]'));
    await expectSeen(page.locator(`.movements [title="${tag}"]`));
    await expectGone(page.getByRole('alert').filter({ hasText: 'No live data' }));
  });
});
