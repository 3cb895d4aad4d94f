// Where the books and the building disagree: what is open, and what was settled by whom. A person settles with a reason.
import { useEffect } from 'preact/hooks';
import type { Discrepancy } from '../api/types.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { go, href, route, whyOf, withQuery } from '../routing.ts';
import { Epc } from '../shared/Epc.tsx';
import { Icon } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { wordsOf } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { usePages } from '../shared/usePages.ts';
import { Words } from '../shared/Words.tsx';
import { Settle } from './discrepancies/Settle.tsx';

const STATES = [
  ['open', 'Open'],
  ['settled', 'Settled'],
  ['all', 'All'],
] as const;

export function Discrepancies() {
  const { state = 'open', kind } = route.value.query;
  const list = usePages<Discrepancy>('/v1/discrepancies', { site: site.value!.site, state, kind });
  const { items, fault, reload } = list;
  // Whoever is writing a reason must not lose it: the list is loaded again, rows keep their place by id.
  useEffect(() => onLive(({ discrepancy }) => discrepancy.length > 0 && reload()), [reload]);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Discrepancies
        </h1>
        <p class="page-note">The books and the building differ until someone or something settles it.</p>
      </header>
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
        {kind !== undefined && (
          <button type="button" class="button" onClick={() => go(withQuery({ kind: undefined }))}>
            <Icon name="cross" /> {wordsOf(kind)}
          </button>
        )}
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && (
        <Empty title={state === 'settled' ? 'Nothing was settled yet' : 'Books and building agree'}>
          {kind === undefined ? 'What differs appears here by itself.' : `None of the kind ${wordsOf(kind)}.`}
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card discrepancy={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="discrepancy" />
    </section>
  );
}

const SEVERITY_ICON = { info: 'review', warning: 'discrepancies', critical: 'quarantine' } as const;
const iconOf = (severity: string) =>
  severity === 'critical' || severity === 'info' ? SEVERITY_ICON[severity] : SEVERITY_ICON.warning;

function Card({ discrepancy }: { readonly discrepancy: Discrepancy }) {
  const { id, kind, severity, state, message, happenedAt, epc, sku, location, readPoint, movement } = discrepancy;
  return (
    <li class={`sheet card severity-${severity}`}>
      <p class="card-head">
        <span class="severity">
          <Icon name={iconOf(severity)} /> {severity}
        </span>
        <a class="card-kind" href={href(withQuery({ kind }))}>
          {wordsOf(kind)}
        </a>
        <Time at={happenedAt} ago />
      </p>
      <p class="card-text">
        <Words text={message} />
      </p>
      <p class="card-facts">
        {epc !== null && <Epc epc={epc} />}
        {sku !== null && (
          <span>
            SKU <span class="code">{sku}</span>
          </span>
        )}
        {location !== null && <span class="code">{location}</span>}
        {readPoint !== null && <span>seen by {readPoint}</span>}
        {movement !== null && <a href={whyOf(movement)}>Why?</a>}
      </p>
      {state === 'open' ? <Settle id={id} /> : <Settled discrepancy={discrepancy} />}
    </li>
  );
}

const Settled = ({ discrepancy: { settledAt, settledBy, settlement } }: { readonly discrepancy: Discrepancy }) => (
  <p class="card-settled">
    <Icon name="tick" /> Settled{settledBy !== null && ` by ${settledBy}`}{' '}
    {settledAt !== null && <Time at={settledAt} ago />}
    {settlement !== null && `: ${settlement}`}
  </p>
);
