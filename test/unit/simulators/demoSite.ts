// The demo site, as every test here sees it.
import { readFileSync } from 'node:fs';
import { loadSite } from '../../../src/config/load.ts';
import { planSite, type SitePlan } from '../../../src/config/plan.ts';
import type { SiteFile } from '../../../src/config/site.ts';
import { assert } from '../../../src/kit/faults.ts';

const PATH = new URL('../../../config/sites/dc1.yaml', import.meta.url);

export function demoFile(): SiteFile {
  const { file, problems } = loadSite('dc1.yaml', readFileSync(PATH, 'utf8'), () => {});
  assert(file !== undefined, 'The demo site is a good one.', { problems });
  return file;
}

export const demoSite = (): SitePlan => planSite({ file: demoFile() });

/** A Monday morning. */
export const MORNING = Date.UTC(2026, 0, 5, 8);
export const MINUTE_MS = 60_000;
