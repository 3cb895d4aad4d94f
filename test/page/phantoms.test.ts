// Doubtful stock: where to look next, each item with the reason, and a person who has looked says what was found.
import { expect, it } from 'vitest';
import { expectGone, expectSeen, openPage, thePlace, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { ask } from './feed.ts';
import { DOUBTED, NOT_FOUND } from './seed.ts';

describePage('doubtful stock', () => {
  useChromium();

  it('says where to look next, and why an item may not be there', async () => {
    const page = await openPage('T4/phantoms');
    await expectSeen(page.getByRole('heading', { name: 'Look here next' }));
    await expectSeen(page.getByText(/doubted, .* expected missing/));
    const card = page.getByRole('listitem').filter({ has: page.locator(`[title="${DOUBTED[0]}"]`) });
    await expectSeen(card.getByText('3 sweeps of A did not find it.'));
    await expectSeen(card.getByText(/\d+ % missing/));
  });

  it('without tags is told with what speaks against it, and its count is planned with one press, once', async () => {
    const page = await openPage('T2/phantoms');
    const card = page.locator('ul.cards > li').filter({ hasText: NOT_FOUND });
    await expectSeen(card.getByText(/A picker found less there/));
    await expectSeen(card.getByText('40 without tags'));
    await page.getByRole('button', { name: 'Plan a count of B', exact: true }).click();
    // Nobody is offered it again, who comes later neither.
    const waits = page.getByRole('listitem').filter({ hasText: 'It waits to be counted' });
    await expectSeen(waits.getByRole('link', { name: /^COUNT-/ }));
    const { items } = await ask<{ items: { location: string }[] }>(thePlace(), '/v1/count-tasks?site=T2&location=B');
    expect(items).toHaveLength(1);
    await page.reload();
    await expectSeen(waits.getByRole('link', { name: /^COUNT-/ }));
    expect(await page.getByRole('button', { name: 'Plan a count of B', exact: true }).count()).toBe(0);
  });

  it('is settled by who has looked: found, or missing and out of the books', async () => {
    const page = await openPage('T4/phantoms');
    const of = (epc: string) => page.getByRole('listitem').filter({ has: page.locator(`[title="${epc}"]`) });
    await of(DOUBTED[0]!).getByRole('button', { name: 'Found…' }).click();
    await page.getByLabel('Your name, for the record').fill('Grace');
    await page.getByRole('button', { name: 'It is there' }).click();
    await expectGone(of(DOUBTED[0]!));
    await of(DOUBTED[1]!).getByRole('button', { name: 'Missing…' }).click();
    await page.getByRole('button', { name: 'It is missing' }).click();
    await expectGone(of(DOUBTED[1]!));
    const { location } = await ask<{ location: string }>(thePlace(), `/v1/items/${DOUBTED[1]}`);
    expect(location).not.toBe('A');
    await page.getByRole('button', { name: 'Settled', exact: true }).click();
    await expectSeen(of(DOUBTED[0]!).getByText('found'));
  });
});
