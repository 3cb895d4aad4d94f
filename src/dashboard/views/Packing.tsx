// The pack bench: cartons as they are packed, a new one for an order, and one of them with its scan box.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import type { Carton, CartonOpened } from '../api/work.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { go, href, route } from '../routing.ts';
import { Icon } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { numberText } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { useCommand } from '../shared/useCommand.ts';
import { usePages } from '../shared/usePages.ts';
import { OneCarton } from './packing/OneCarton.tsx';
import { CartonState, sumOf } from './packing/carton.tsx';
import { Handovers } from './packing/Handovers.tsx';
import { Proposal } from './packing/Proposal.tsx';

const STATES = [
  ['open', 'Being packed'],
  ['closed', 'Closed'],
  ['shipped', 'Out'],
  ['all', 'All'],
] as const;

export const Packing = () =>
  route.value.part === undefined ? <CartonList /> : <OneCarton id={route.value.part} key={route.value.part} />;

function CartonList() {
  const { state = 'open' } = route.value.query;
  const list = usePages<Carton>('/v1/cartons', { site: site.value!.site, state });
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ carton }) => carton.length > 0 && reload()), [reload]);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Packing
        </h1>
        <p class="page-note">What was picked goes into cartons here; what is not of the order is refused.</p>
      </header>
      <NewCarton />
      <Handovers />
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={6} />}
      {items?.length === 0 && (
        <Empty icon="packing" title={state === 'open' ? 'Nothing is being packed' : 'There is no such carton'}>
          Scan or type the number of an order to open a carton for it.
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card carton={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="carton" />
    </section>
  );
}

/** The number of the order stands on the pick list; a scanner ends it with Enter. */
function NewCarton() {
  const siteId = site.value!.site;
  const [order, setOrder] = useState(route.value.query['order'] ?? '');
  /** What was typed to its end: of that a carton is proposed. */
  const [named, setNamed] = useState(order);
  const open = useCommand((key) => post<CartonOpened>('/v1/cartons', { site: siteId, order }, key));
  const openAs = useRef('');
  const openType = useCommand((key) =>
    post<CartonOpened>('/v1/cartons', { site: siteId, order: named, type: openAs.current }, key),
  );
  useEffect(() => {
    for (const { state } of [open, openType])
      if (state.kind === 'done') go({ view: 'packing', part: state.answer.detail.carton, query: {} });
  }, [open.state, openType.state]);
  const failed = [open, openType].find(({ state }) => state.kind === 'failed')?.state;
  return (
    <>
      <form
        class="sheet packing-new"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (order !== '') void open.send();
        }}
      >
        <label class="field">
          <span>Order to be packed</span>
          <input
            value={order}
            onInput={({ currentTarget }) => setOrder(currentTarget.value)}
            onChange={({ currentTarget }) => setNamed(currentTarget.value)}
            autocomplete="off"
          />
        </label>
        <button type="submit" class="button button-main" disabled={order === '' || open.state.kind === 'sending'}>
          <Icon name="packing" /> Open a carton
        </button>
        {failed?.kind === 'failed' && <Failed fault={failed.fault} />}
      </form>
      {named !== '' && (
        <Proposal
          site={siteId}
          order={named}
          title={`Cartons for ${named}`}
          onTake={(type) => {
            openAs.current = type;
            void openType.send();
          }}
          key={named}
        />
      )}
    </>
  );
}

const Card = ({ carton }: { readonly carton: Carton }) => (
  <li class="sheet card packing-card">
    <p class="card-head">
      <a class="card-kind code" href={href({ view: 'packing', part: carton.id, query: {} })}>
        {carton.id}
      </a>
      <CartonState carton={carton} />
      <a class="code" href={href({ view: 'orders', part: carton.order, query: {} })}>
        {carton.order}
      </a>
    </p>
    <p class="card-facts">
      <span>
        <b>{numberText(carton.quantity)}</b> packed
      </span>
      {carton.missing.length > 0 && <span class="packing-missing">{numberText(sumOf(carton.missing))} missing</span>}
      <span>
        at <span class="code">{carton.bench}</span>
      </span>
      <span>
        opened <Time at={carton.openedAt} ago />
      </span>
    </p>
  </li>
);
