// Every view, on a desk and on a handheld, in light and in dark: it shows what is there, nothing reaches beyond the edge,
// and everybody can use it (WCAG 2.2 AA by axe: contrast, names, roles, order).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { beyondTheEdge, DESK, expectGone, expectSeen, goTo, HANDHELD, openPage, useChromium } from './browser.ts';
import { describePage } from './chromium.ts';
import { CARTON, palletOf, TAGS_A_PALLET } from './seed.ts';

// Twenty views, each looked at whole, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_OPTIONS: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  resultTypes: ['violations'],
};

/** Each view's address below its site, and something that is only there once it shows real data. */
const VIEWS = [
  ['overview', `.ticker-line:has-text("${TAGS_A_PALLET} tags")`],
  ['inbounds', '.inbound-card'],
  ['inbounds/ASN-7', '.inbound-tags li'],
  ['orders', '.order-card'],
  ['orders/O-1', '.order-way li'],
  ['loads', '.load-card'],
  ['loads/TRUCK-1', '.load-alarms li'],
  ['tasks', '.queue-line'],
  ['tasks?kind=putaways', '.task-card'],
  ['tasks?kind=relocations', '.task-card'],
  ['packing', '.packing-card'],
  [`packing/${CARTON}`, '.packing-list li'],
  ['products', '.product-card'],
  ['products/import', '.import-file'],
  ['counts', '.count-card'],
  ['counts/C-1', '.count-bins table'],
  ['transfers', '.transfer-card table'],
  ['partners', '.partner-card'],
  ['partners?kind=returns', '.return-card table'],
  ['partners?kind=announced', '.return-card table'],
  ['stock', '.stock tfoot'],
  ['movements?type=putaway', '.movements .row'],
  ['passages', '.passages .row'],
  [`items/${palletOf(3)[0]}`, '.movements .row'],
  ['figures', '.kpi-value'],
  ['figures?by=orders', '.kpi-value'],
  ['figures?by=classes', 'table[aria-label="By class"] tbody tr'],
  ['review', '.review-group'],
  ['alerts', '.alert .card-text'],
  ['discrepancies', '.card-text'],
  ['phantoms', '.card-text'],
  ['quarantine', '.preview'],
  ['gaps', '.gaps tbody tr'],
  ['gateways', '.card .facts'],
  ['health', '.account-table tfoot'],
  ['sites', '.locations tbody tr'],
] as const;

async function expectWithin(page: Page, view: string): Promise<void> {
  expect(await beyondTheEdge(page), `${view} keeps within the window`).toEqual([]);
}

/** What each view must not be without, whoever looks at it and how. */
async function expectGood(page: Page, view: string): Promise<void> {
  await expectWithin(page, view);
  const complaints = await page.evaluate(async (options) => {
    const { axe } = globalThis as unknown as { axe: { run: (options: unknown) => Promise<AxeResults> } };
    const { violations } = await axe.run(options);
    // One of each tells enough: a list has a hundred alike.
    return violations.map(({ id, nodes }) => `${id}, ${nodes.length} times: ${nodes[0]!.html}`);
  }, AXE_OPTIONS);
  expect(complaints, `${view} can be used by everybody`).toEqual([]);
}

/** The site where something waits in the view; at the other one the review queue is empty. */
const siteOf = (view: string): string =>
  view === 'review'
    ? 'T2'
    : view.startsWith('loads')
      ? 'T5'
      : /^(?:inbounds|orders|counts|transfers|partners|phantoms|products|tasks|figures|packing)/.test(view)
        ? 'T4'
        : 'T1';

describePage('every view', () => {
  useChromium();

  it.each([
    ['a desk, in light, for everybody', { viewport: DESK, colorScheme: 'light' }, expectGood],
    ['a desk, in dark, for everybody', { viewport: DESK, colorScheme: 'dark' }, expectGood],
    ['a handheld, in light, for everybody', { viewport: HANDHELD, colorScheme: 'light' }, expectGood],
    // Its colours are those of the dark desk, its order that of the light handheld.
    ['a handheld, in dark', { viewport: HANDHELD, colorScheme: 'dark' }, expectWithin],
  ] as const)('shows real data within the window on %s', async (_where, look, expectIt) => {
    const page = await openPage('T1/overview', look);
    await page.evaluate(AXE);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe(look.colorScheme);
    for (const [view, sign] of VIEWS) {
      await goTo(page, `${siteOf(view)}/${view}`);
      await expectSeen(page.locator(sign).first());
      await expectIt(page, view);
    }
  });

  it.each([
    ['a desk', DESK],
    ['a handheld', HANDHELD],
  ] as const)(
    'shows the evidence on %s beside or above it, within the window, for everybody',
    async (_where, viewport) => {
      const page = await openPage(`T1/movements?epc=${palletOf(1)[3]}`, { viewport });
      await page.evaluate(AXE);
      await page.locator('.movements .cell-time a').first().click();
      await expectSeen(page.locator('.evidence .plot'));
      await expectGood(page, 'the evidence of a movement');
      await goTo(page, 'T2/review');
      await page.locator('.undecided-read a').first().click();
      await expectSeen(page.locator('.evidence .plot'));
      await expectGood(page, 'the evidence of a passage');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'stray' }).first().click();
      await expectSeen(page.getByRole('button', { name: 'Confirm' }));
      await expectGood(page, 'a decision');
    },
  );

  it('is reached by keyboard: skip link, navigation, and the heading has the focus', async () => {
    const page = await openPage('T1/overview');
    await expectSeen(page.locator('.ticker-line').first());
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.locator('main:focus').count()).toBe(1);
    await page.getByRole('link', { name: 'Gaps' }).first().focus();
    await page.keyboard.press('Enter');
    await expectSeen(page.locator('h1:focus').getByText('Gaps'));
    expect(await page.title()).toBe('Gaps · T1 · Tallygate');
  });

  it('is behind one button on a handheld, which says how much waits there', async () => {
    const page = await openPage('T1/overview', { viewport: HANDHELD });
    await page.getByRole('button', { name: /More \d+ open/ }).click();
    await page.getByRole('link', { name: /Gateways/ }).click();
    await expectSeen(page.locator('.card').filter({ hasText: 'gw-2' }).getByText('online'));
    await expectGone(page.getByText('seq'));
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('link', { name: 'Gaps' }).click();
    await expectSeen(page.getByText('seq 2 to 4'));
  });

  it('keeps the colours that somebody chose', async () => {
    const page = await openPage('T1/gaps');
    const button = page.getByRole('button', { name: /Colours/ });
    await button.click();
    await button.click();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.reload();
    await expectSeen(page.getByRole('button', { name: 'Colours: dark' }));
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  });

  it('of health tells the checks, the figures of the last seconds, and sums that add up', async () => {
    const page = await openPage('T1/health');
    await expectSeen(page.locator('.checks').getByText('Postgres answers'));
    await expect
      .poll(() => page.locator('.figure').filter({ hasText: 'Memory' }).locator('.figure-value').textContent())
      .toMatch(/MiB/);
    const intake = page.locator('.account-table').filter({ hasText: 'Intake: messages' });
    const numbers = await intake.locator('td.number').allTextContents();
    const [total = 0, ...parts] = numbers.map((text) => Number(text.replaceAll(',', '').replace('−', '-'))).reverse();
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
    expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
  });
});
