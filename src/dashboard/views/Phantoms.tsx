// What the books have and may not be there: which place to look at next, and each item with the reason. A person who has looked says
// whether it is there; nothing leaves the books before.
import { useEffect } from 'preact/hooks';
import type { Phantom, PhantomCheck } from '../api/types.ts';
import { get } from '../api/client.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { go, href, route, withQuery } from '../routing.ts';
import { Epc } from '../shared/Epc.tsx';
import { Icon } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { countText, numberText } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { useLoad } from '../shared/useLoad.ts';
import { usePages } from '../shared/usePages.ts';
import { Checked } from './phantoms/Checked.tsx';
import { PlanCount, Waits } from './phantoms/PlanCount.tsx';

const STATES = [
  ['open', 'Doubted'],
  ['closed', 'Settled'],
  ['all', 'All'],
] as const;

export function Phantoms() {
  const { state = 'open', location } = route.value.query;
  const list = usePages<Phantom>('/v1/phantoms', { site: site.value!.site, state, location });
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ phantom }) => phantom.length > 0 && reload()), [reload]);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Doubtful stock
        </h1>
        <p class="page-note">
          The books have it, and what zones hear, pickers found or customers bought speaks against it. Look, or count,
          and say what you found: nothing is written off by itself.
        </p>
      </header>
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
        {location !== undefined && (
          <button type="button" class="button" onClick={() => go(withQuery({ location: undefined }))}>
            <Icon name="cross" /> {location}
          </button>
        )}
      </div>
      {state === 'open' && location === undefined && <Checks />}
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && (
        <Empty title={state === 'closed' ? 'Nothing was doubted yet' : 'Nothing is doubted'}>
          What a zone should have heard and did not, and what pickers did not find, appears here by itself.
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card phantom={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="item" />
    </section>
  );
}

/** Where looking settles most. */
function Checks() {
  const { site: id } = site.value!;
  const { value, reload } = useLoad(`/v1/phantoms/checks ${id}`, (aborted) =>
    get<{ readonly checks: readonly PhantomCheck[] }>('/v1/phantoms/checks', { site: id }, aborted),
  );
  useEffect(
    () =>
      onLive(({ phantom, discrepancy, count }) => phantom.length + discrepancy.length + count.length > 0 && reload()),
    [reload],
  );
  if (value === undefined || value.checks.length === 0) return null;
  return (
    <section class="sheet card" aria-labelledby="checks">
      <h2 id="checks" class="card-kind">
        Look here next
      </h2>
      <ol class="card-list">
        {value.checks.slice(0, 5).map((check) => (
          <li key={check.location}>
            <a class="code" href={href(withQuery({ location: check.location }))}>
              {check.location}
            </a>{' '}
            {check.items > 0 &&
              `${countText(check.items, 'item')} doubted, ${check.expectedMissing.toFixed(1)} expected missing. `}
            {check.suggestion}{' '}
            {check.waits === null ? (
              check.records > 0 && <PlanCount count={check.count} />
            ) : (
              <Waits count={check.waits.count} />
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

const severityOf = (probability: number): string =>
  probability >= 0.9 ? 'critical' : probability >= 0.5 ? 'warning' : 'info';

function Card({ phantom }: { readonly phantom: Phantom }) {
  const { epc, sku, quantity, location, probability, why, heardAt, state, end, closedAt } = phantom;
  return (
    <li class={`sheet card severity-${state === 'open' ? severityOf(probability) : 'info'}`}>
      <p class="card-head">
        <span class="severity">
          <Icon name="review" /> {Math.round(probability * 100)} % missing
        </span>
        <span class="card-kind">{sku ?? 'unknown SKU'}</span>
        <a class="code" href={href(withQuery({ location }))}>
          {location}
        </a>
      </p>
      <p class="card-text">{why}</p>
      <p class="card-facts">
        {epc === null ? <span>{numberText(quantity)} without tags</span> : <Epc epc={epc} />}
        {heardAt !== null && (
          <span>
            {epc === null ? 'counted or come' : 'heard'} last <Time at={heardAt} ago />
          </span>
        )}
      </p>
      {state === 'open' ? (
        epc !== null && <Checked phantom={{ ...phantom, epc }} />
      ) : (
        <p class="card-settled">
          <Icon name="tick" /> {end} {closedAt !== null && <Time at={closedAt} ago />}
        </p>
      )}
    </li>
  );
}
