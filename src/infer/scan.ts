// One scan at the place that it means: its id, and what is wrong with it.
import type { SitePlan } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import type { Scan } from '../wire/entries.ts';
import type { Discrepancy } from './effects.ts';

export const scanId = (plan: SitePlan, readPoint: string, { device, at, data }: Scan): string =>
  contentId('scan', plan.site, readPoint, device, at, data);

export interface Place {
  readonly scan: Scan;
  readonly location: string;
  readonly readPoint: string;
}

export function fault(
  plan: SitePlan,
  { scan, location, readPoint }: Place,
  kind: string,
  message: string,
  sku?: string,
): Discrepancy {
  return {
    id: contentId('discrepancy', plan.site, kind, readPoint, scan.at, scan.data),
    kind,
    severity: 'info',
    happenedAt: scan.at,
    location,
    readPoint,
    sku,
    message,
  };
}
