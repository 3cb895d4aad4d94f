// What is to come: purchase orders and ship notices with how far each has come; and one of them, line by line, as it comes.
import { useEffect } from 'preact/hooks';
import type { InboundHead } from '../api/types.ts';
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
import { OneInbound } from './inbounds/OneInbound.tsx';
import { Progress, State } from './inbounds/progress.tsx';

const STATES = [
  ['open', 'Open'],
  ['received', 'Received'],
  ['all', 'All'],
] as const;

export const Inbounds = () =>
  route.value.part === undefined ? <InboundList /> : <OneInbound id={route.value.part} key={route.value.part} />;

function InboundList() {
  const { state = 'open' } = route.value.query;
  const list = usePages<InboundHead>('/v1/inbounds', { site: site.value!.site, state });
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ inbound }) => inbound.length > 0 && reload()), [reload]);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Inbound
        </h1>
        <p class="page-note">
          What is to come, and how far it has: only what was read, scanned or said by a person counts.
        </p>
      </header>
      <Appointments direction="in" />
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && (
        <Empty icon="inbounds" title={state === 'received' ? 'Nothing was received whole yet' : 'Nothing is announced'}>
          Purchase orders and ship notices appear here when they are announced (POST /v1/inbounds).
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card inbound={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="document" />
    </section>
  );
}

const Card = ({ inbound }: { readonly inbound: InboundHead }) => (
  <li class="sheet card inbound-card">
    <p class="card-head">
      <a class="card-kind code" href={href({ view: 'inbounds', part: inbound.id, query: {} })}>
        {inbound.id}
      </a>
      <State state={inbound.state} />
      <span class="card-supplier">{inbound.supplier}</span>
    </p>
    <Progress quantity={inbound.quantity} received={inbound.received} />
    <p class="card-facts">
      <span>{inbound.document === 'order' ? 'purchase order' : 'ship notice'}</span>
      <span>{countText(inbound.lineCount, 'line')}</span>
      {inbound.expectedFrom !== null && (
        <span>
          expected <Time at={inbound.expectedFrom} />
        </span>
      )}
      {(inbound.receipt?.door ?? inbound.door) !== null && (
        <span class="code">{inbound.receipt?.door ?? inbound.door}</span>
      )}
      {inbound.noted.length > 0 && <span class="mark mark-bad">{inbound.noted.length} not on it</span>}
    </p>
  </li>
);
