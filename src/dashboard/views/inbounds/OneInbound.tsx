// One inbound document as it comes: its lines live, what came beside them, which tags are missing, and the receipt to open or close.
import { useEffect } from 'preact/hooks';
import type { Inbound, InboundTag, Noted } from '../../api/types.ts';
import { href, whyOf } from '../../routing.ts';
import { Epc } from '../../shared/Epc.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { More } from '../../shared/More.tsx';
import { When } from '../../shared/states.tsx';
import { useOne } from '../../shared/useOne.ts';
import { numberText, wordsOf } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { usePages } from '../../shared/usePages.ts';
import { Goods } from './Goods.tsx';
import { LineTable } from './LineTable.tsx';
import { Photos } from './Photos.tsx';
import { Progress, State } from './progress.tsx';
import { Receipt } from './Receipt.tsx';

export function OneInbound({ id }: { readonly id: string }) {
  const { loaded, told } = useOne('inbound', '/v1/inbounds', id);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Inbound <span class="code">{id}</span>
        </h1>
        <p class="page-note">
          <a href={href({ view: 'inbounds', part: undefined, query: {} })}>All inbound documents</a>
        </p>
      </header>
      <When loaded={loaded}>{(value) => <Document inbound={told ?? value} />}</When>
    </section>
  );
}

const Document = ({ inbound }: { readonly inbound: Inbound }) => (
  <>
    <div class="sheet inbound-head">
      <div>
        <p class="inbound-title">
          <State state={inbound.state} />
          <span>
            {inbound.document === 'order' ? 'Purchase order to' : 'Ship notice of'} <b>{inbound.supplier}</b>
          </span>
        </p>
        <Progress quantity={inbound.quantity} received={inbound.received} />
      </div>
      <dl class="facts">
        <dt>Expected</dt>
        <dd>
          {inbound.expectedFrom === null ? 'any time' : <Time at={inbound.expectedFrom} />}
          {inbound.expectedTo !== null && (
            <>
              {' to '}
              <Time at={inbound.expectedTo} />
            </>
          )}
        </dd>
        <dt>Door</dt>
        <dd class="code">{inbound.receipt?.door ?? inbound.door ?? 'any'}</dd>
        <dt>Announced</dt>
        <dd>
          <Time at={inbound.announcedAt} ago />
        </dd>
      </dl>
      <Receipt inbound={inbound} />
    </div>
    <LineTable lines={inbound.lines} />
    <Goods inbound={inbound} />
    {inbound.noted.length > 0 && <NotOnIt noted={inbound.noted} />}
    {inbound.lines.some(({ listed }) => listed > 0) && <Missing inbound={inbound} />}
    <Photos inbound={inbound} />
  </>
);

const NotOnIt = ({ noted }: { readonly noted: readonly Noted[] }) => (
  <section aria-labelledby="not-on-it">
    <h2 id="not-on-it">Came with it, and is not on it</h2>
    <ul class="inbound-tags">
      {noted.map((one) => (
        <li class="sheet" key={one.movement}>
          <span class="mark mark-bad">
            <Icon name="discrepancies" /> {wordsOf(one.why)}
          </span>
          {one.epc === null ? <span>{numberText(one.quantity)}</span> : <Epc epc={one.epc} />}
          {one.sku !== null && <span class="code">{one.sku}</span>}
          {one.inbound !== null && (
            <a href={href({ view: 'inbounds', part: one.inbound, query: {} })}>on {one.inbound}</a>
          )}
          <a href={whyOf(one.movement)}>Why?</a>
        </li>
      ))}
    </ul>
  </section>
);

/** Tags that are listed and nobody has read yet. */
function Missing({ inbound }: { readonly inbound: Inbound }) {
  const path = `/v1/inbounds/${encodeURIComponent(inbound.id)}/tags`;
  const list = usePages<InboundTag>(path, { site: inbound.site, state: 'missing', limit: 50 });
  const { reload } = list;
  useEffect(reload, [inbound.received, reload]);
  if (list.items === undefined || list.items.length === 0) return null;
  return (
    <section aria-labelledby="missing">
      <h2 id="missing">Listed, and not read yet</h2>
      <ul class="inbound-tags">
        {list.items.map(({ epc, line }) => (
          <li class="sheet" key={epc}>
            <Epc epc={epc} />
            <span>line {line}</span>
          </li>
        ))}
      </ul>
      <More {...list} shown={list.items.length} what="tag" />
    </section>
  );
}
