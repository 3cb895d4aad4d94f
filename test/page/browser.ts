// A Chromium for a test file, and pages in it that are watched: whatever the console complains about fails the test that
// opened the page.
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { beforeAll, expect, inject } from 'vitest';
import { closeAfterFile, closeAfterTest } from '../support/cleanUp.ts';
import { findChromium } from './chromium.ts';
import type { Place } from './feed.ts';

// The sandbox needs rights that a container does not have; the rest keeps it from talking to anybody but us.
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const DESK = { width: 1440, height: 900 };
export const HANDHELD = { width: 390, height: 844 };
const WITHIN_MS = 10_000;

export interface Look {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** What the test itself breaks, the browser complains about. */
  readonly mayComplain?: boolean;
}

interface Watched {
  readonly page: Page;
  readonly complaints: string[];
}

let browser: Browser;
/** One page a look, used again by the next test: starting a process for each would take most of the time. */
const pages = new Map<string, Watched>();

/** In a describe: one Chromium for it. */
export function useChromium(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium()!, args: ARGUMENTS });
    closeAfterFile(() => browser.close());
  });
}

export const thePlace = (): Place => inject('service')!;

/** Opens the page at an address of it ("T1/stock?sku=…"), loaded anew. `prepare` sees it before anything is loaded. */
export async function openPage(
  address: string,
  { viewport = DESK, colorScheme = 'light', mayComplain = false }: Look = {},
  prepare?: (page: Page) => Promise<void>,
): Promise<Page> {
  const look = `${viewport.width} ${colorScheme}`;
  const watched = pages.get(look) ?? (await watchedPage(viewport, colorScheme));
  pages.set(look, watched);
  const { page, complaints } = watched;
  closeAfterTest(async () => {
    await page.context().setOffline(false);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.evaluate(() => localStorage.clear());
    await page.mouse.move(0, 0);
    await page.goto('about:blank');
    const told = complaints.splice(0);
    if (!mayComplain) expect(told, 'the console is silent').toEqual([]);
  });
  await prepare?.(page);
  await page.goto(`${thePlace().url}/#/${address}`);
  return page;
}

async function watchedPage(viewport: Look['viewport'], colorScheme: Look['colorScheme']): Promise<Watched> {
  const context = await browser.newContext({ viewport: viewport!, colorScheme: colorScheme!, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  return { page, complaints };
}

export const expectSeen = (what: Locator): Promise<void> => what.waitFor();
export const expectGone = (what: Locator): Promise<void> => what.waitFor({ state: 'detached' });

/** Goes to another address of the page as a link would, without loading it anew. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${address}`);
}

/** Marks the page; the function returned says whether it is still that one. */
export async function markPage(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    document.documentElement.dataset['marked'] = 'yes';
  });
  return () => page.evaluate(() => document.documentElement.dataset['marked'] === 'yes');
}

/** Elements that reach beyond the right edge of the window, by what they are; what scrolls by itself may hold wide things. */
export const beyondTheEdge = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const found = [...document.querySelectorAll('body *')].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 1 && right > innerWidth + 0.5 && !scrolls(element.parentElement);
    });
    return found.map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`);
  });
