// Pick lists: how each is picked and how far it is; and one of them, to be walked from here.
import { useEffect } from 'preact/hooks';
import type { PickHead } from '../../api/work.ts';
import { site } from '../../live/sites.ts';
import { onLive } from '../../live/stream.ts';
import { href, route } from '../../routing.ts';
import { More } from '../../shared/More.tsx';
import { Empty, Failed, Loading } from '../../shared/states.tsx';
import { countText, numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { usePages } from '../../shared/usePages.ts';
import { OnePick } from './Picks.tsx';

export const OneList = ({ id }: { readonly id: string }) => (
  <section class="page" aria-labelledby="title">
    <header class="page-head">
      <h1 id="title" tabIndex={-1}>
        Picking
      </h1>
      <p class="page-note">
        <a href={href({ view: 'orders', part: undefined, query: { state: 'lists' } })}>All pick lists</a>
      </p>
    </header>
    <OnePick id={id} site={site.value!.site} order="" />
  </section>
);

export function Lists() {
  const { wave } = route.value.query;
  const asked = { site: site.value!.site, ...(wave === undefined ? {} : { wave }) };
  const list = usePages<PickHead>('/v1/picks', asked);
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ pick }) => pick.length > 0 && reload()), [reload]);
  return (
    <>
      {wave !== undefined && (
        <p class="page-note">
          Of <span class="code">{wave}</span>.{' '}
          <a href={href({ view: 'orders', part: undefined, query: { state: 'lists' } })}>All pick lists</a>
        </p>
      )}
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && (
        <Empty icon="orders" title="There is no pick list">
          Mark orders that are promised, and release them together.
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card pick={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="list" />
    </>
  );
}

const Card = ({ pick }: { readonly pick: PickHead }) => (
  <li class="sheet card order-card">
    <p class="card-head">
      <a class="card-kind code" href={href({ view: 'orders', part: undefined, query: { list: pick.id } })}>
        {pick.id}
      </a>
      <span class={pick.state === 'done' ? 'mark order-state order-picked' : 'mark order-state order-picking'}>
        {pick.state === 'done' ? 'done' : `${numberText(pick.picked)} of ${numberText(pick.quantity)} picked`}
      </span>
      <span class="card-supplier">{pick.method === 'line' ? '' : pick.method}</span>
    </p>
    <p class="card-facts">
      <span>{countText(pick.lineCount, 'line')}</span>
      <span>
        {pick.orders.length === 1 ? <span class="code">{pick.orders[0]}</span> : countText(pick.orders.length, 'order')}
      </span>
      {pick.zone !== null && pick.zone !== '' && <span>zone {pick.zone}</span>}
      {pick.totes.length > 0 && <span>{countText(pick.totes.length, 'tote')}</span>}
      {pick.short > 0 && <span>{numberText(pick.short)} not taken there</span>}
      <span>
        to <span class="code">{pick.to}</span>
      </span>
      <Time at={pick.createdAt} only />
    </p>
  </li>
);
