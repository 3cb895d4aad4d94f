// How the site is doing: its key figures over a period, and what they are made of.
import { useMemo } from 'preact/hooks';
import { get, urlOf } from '../api/client.ts';
import { site } from '../live/sites.ts';
import { route } from '../routing.ts';
import { Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { useLoad } from '../shared/useLoad.ts';
import type { SiteFigures } from './figures/kpis.ts';
import { Sheet } from './figures/Sheet.tsx';
import { ByClass, ByCustomer, ByOrder, BySku } from './figures/tables.tsx';

const PERIODS = [
  ['28', '4 weeks'],
  ['1', 'Day'],
  ['7', 'Week'],
  ['91', 'Quarter'],
  ['365', 'Year'],
] as const;
const TABLES = [
  ['skus', 'By SKU'],
  ['customers', 'By customer'],
  ['classes', 'By class'],
  ['orders', 'By order'],
] as const;
const DAY_MS = 86_400_000;
const AGAIN_MS = 30_000;

export function Figures() {
  const { days = '28', by = 'skus' } = route.value.query;
  const { site: name } = site.value!;
  // Fixed while the page is looked at, so that a table and its next page are of one period.
  const from = useMemo(() => new Date(Date.now() - Math.max(1, Number(days) || 28) * DAY_MS).toISOString(), [days]);
  const query = { site: name, from };
  const { value, fault, reload } = useLoad(
    urlOf('/v1/kpis', query),
    (signal) => get<{ readonly sites: readonly SiteFigures[] }>('/v1/kpis', query, signal),
    AGAIN_MS,
  );
  const figures = value?.sites[0];
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Figures
        </h1>
        <p class="page-note">
          Made of what was read, scanned and counted, and of nothing else. How each is defined is in /docs.
        </p>
      </header>
      <div class="filter-fields">
        <Tabs label="Period" name="days" present={days} choices={PERIODS} />
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {figures === undefined ? fault === undefined && <Loading lines={6} /> : <Sheet of={figures} />}
      <div class="filter-fields">
        <Tabs label="Made of" name="by" present={by} choices={TABLES} />
      </div>
      {by === 'customers' ? (
        <ByCustomer site={name} from={from} />
      ) : by === 'classes' ? (
        <ByClass site={name} from={from} />
      ) : by === 'orders' ? (
        <ByOrder site={name} from={from} />
      ) : (
        <BySku site={name} from={from} />
      )}
    </section>
  );
}
