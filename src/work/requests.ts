// What commands about plans have in common: refusals, and what they may name.
import type { SitePlan } from '../config/plan.ts';
import type { WorkAnswer } from '../infer/planner.ts';
import { parseTime } from '../wire/time.ts';

export const refused = (code: string, message: string): Extract<WorkAnswer, { status: 'refused' }> => ({
  status: 'refused',
  code,
  message,
});

export const isKnownDoor = (plan: SitePlan, door: string | undefined): boolean =>
  door === undefined || plan.readPoints.some(({ id, kind }) => id === door && kind === 'portal');

/** ms; undefined when nothing is said, NaN when it is no time. */
export const timeOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseTime(text);
