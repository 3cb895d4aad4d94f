// What leaves together: loads with how much of each is on the truck, a new one, and one of them as it is loaded, sealed and closed.
import { useEffect } from 'preact/hooks';
import type { Load } from '../api/work.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { href, route } from '../routing.ts';
import { Appointments } from '../shared/Appointments.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { countText } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { usePages } from '../shared/usePages.ts';
import { isAlarm } from './loads/Alarms.tsx';
import { NewLoad } from './loads/NewLoad.tsx';
import { OneLoad } from './loads/OneLoad.tsx';
import { Alarmed, LoadBar, LoadState } from './loads/progress.tsx';

const STATES = [
  ['open', 'Being loaded'],
  ['closed', 'Left'],
  ['all', 'All'],
] as const;

export const Loads = () =>
  route.value.part === undefined ? <LoadList /> : <OneLoad id={route.value.part} key={route.value.part} />;

function LoadList() {
  const { state = 'open' } = route.value.query;
  const list = usePages<Load>('/v1/loads', { site: site.value!.site, state });
  const { items, fault, reload } = list;
  useEffect(
    () => onLive(({ load, discrepancy }) => (load.length > 0 || discrepancy.some(isAlarm)) && reload()),
    [reload],
  );
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Loads
        </h1>
        <p class="page-note">
          What goes out through a load’s door is on it. What does not belong there is told at once, before the truck
          leaves.
        </p>
      </header>
      <Appointments direction="out" />
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
      </div>
      <NewLoad />
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={8} />}
      {items?.length === 0 && (
        <Empty icon="loads" title={state === 'open' ? 'No load is open' : 'There is no such load'}>
          A load is opened for orders that leave together, here or with POST /v1/loads.
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card load={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="load" />
    </section>
  );
}

const Card = ({ load }: { readonly load: Load }) => (
  <li class={load.alarms.length > 0 ? 'sheet card load-card severity-critical' : 'sheet card load-card'}>
    <p class="card-head">
      <a class="card-kind code" href={href({ view: 'loads', part: load.id, query: {} })}>
        {load.id}
      </a>
      <LoadState load={load} />
      <Alarmed load={load} />
      <span class="card-supplier">
        {load.carrier}, {load.door === null ? 'any door' : <span class="code">{load.door}</span>}
      </span>
    </p>
    <LoadBar loaded={load.loaded} missing={load.missing} />
    <p class="card-facts">
      <span>
        {countText(load.orders.length, 'order')}, {load.complete} complete
      </span>
      {load.seals.length > 0 && (
        <span>
          sealed <span class="code">{load.seals.join(', ')}</span>
        </span>
      )}
      <span>
        {load.closedAt === null ? (
          <>
            opened <Time at={load.openedAt} ago />
          </>
        ) : (
          <>
            left <Time at={load.closedAt} ago />
          </>
        )}
      </span>
    </p>
  </li>
);
