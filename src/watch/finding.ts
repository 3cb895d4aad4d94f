// What a rule finds wrong at one moment, and what it has to look at. A finding is about one thing (`subject`); as long as it
// is found again and again it is one alert.
import type { AlertRules } from '../config/alertKinds.ts';
import type { Level, Severity } from '../config/alertRule.ts';
import type { SitePlan } from '../config/plan.ts';
import type { Queryable } from '../store/database.ts';
import type { TelemetryReader } from '../telemetry/query.ts';

export interface Finding {
  /** The thing that it is about, within its kind. */
  readonly subject: string;
  /** When this one is worse than its rule says. */
  readonly severity?: Severity;
  /** 0 to 1: how sure the service is that it is so. 1 for what was counted, not concluded. */
  readonly confidence: number;
  /** What is wrong: one sentence with the figures, none that change by themselves. */
  readonly message: string;
  /** What to do about it. */
  readonly suggestion: string;
  /** The figures behind it, as JSON. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** Route of the API that shows more. */
  readonly look: string;
}

/** What the engine knows of a site that it derives, and no table holds. */
export interface SiteFigures {
  readonly site: string;
  /** Since when it is derived here, ms: nothing was heard before by us. */
  readonly since: number;
  /** Readers, scanners and devices that were heard, and through which gateway last. Times in ms. */
  readonly devices: readonly { readonly device: string; readonly gateway: string; readonly heardAt: number }[];
  /** Clocks that are corrected: what is added to their times, ms. Gateways as `gateway gw-1`. */
  readonly clocks: readonly { readonly device: string; readonly offsetMs: number }[];
}

/** What a rule may look at. */
export interface Look {
  readonly database: Queryable;
  readonly telemetry: TelemetryReader;
  readonly plan: SitePlan;
  /** Every site that was loaded, this one too. */
  readonly plans: readonly SitePlan[];
  readonly figures: SiteFigures;
  /** ms since 1970. */
  readonly now: number;
  /** What belongs to no site is told by one of them: see `tellsForAll`. */
  readonly tellsForAll: boolean;
}

/** A time in which a rule would have held. `to` is undefined when it still did at the end. */
export interface Period {
  readonly subject: string;
  readonly from: number;
  readonly to: number | undefined;
  readonly message: string;
}

/** What a dry run looks at: as far back as the database goes. */
export interface Past extends Pick<Look, 'database' | 'telemetry' | 'plan' | 'plans' | 'tellsForAll'> {
  readonly from: number;
  readonly to: number;
}

/** A kind of alert: what makes it true now, and what would have in the past. */
export interface Kind<Limits> {
  /** Everything that is wrong: what is left out has ended. So there are no more than things at the site, or in its files. */
  readonly find: (look: Look, limits: Limits) => Promise<readonly Finding[]>;
  readonly past: (past: Past, limits: Limits) => Promise<readonly Period[]>;
}

export type Kinds = { readonly [K in keyof AlertRules]: Kind<AlertRules[K]> };

export const levelsOf = (plan: SitePlan): readonly Level[] => plan.source.file.alerts?.levels ?? [];

/** Is it the first of all sites, which tells what belongs to none? Of several processes only the one that derives it does. */
export const tellsForAll = (site: string, plans: readonly SitePlan[]): boolean =>
  plans.every((other) => site <= other.site);
