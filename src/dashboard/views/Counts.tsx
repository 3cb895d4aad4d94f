// What is to be counted: plans with how far each has come, a new one, and one of them bin by bin.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import type { CommandAnswer } from '../api/types.ts';
import type { CountHead } from '../api/work.ts';
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
import { OneCount } from './counts/OneCount.tsx';

const STATES = [
  ['open', 'Open'],
  ['closed', 'Done'],
  ['all', 'All'],
] as const;

export const BY = {
  location: 'these places',
  sku: 'wherever a SKU lies',
  abc: 'classes that are due',
  sample: 'a random sample',
  discrepancy: 'where something differs',
  zero: 'bins that should be empty',
} as const satisfies Readonly<Record<CountHead['by'], string>>;

export const Counts = () =>
  route.value.part === undefined ? <CountList /> : <OneCount id={route.value.part} key={route.value.part} />;

function CountList() {
  const { state = 'open' } = route.value.query;
  const list = usePages<CountHead>('/v1/counts', { site: site.value!.site, state });
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ count }) => count.length > 0 && reload()), [reload]);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Counts
        </h1>
        <p class="page-note">
          Bins are counted without knowing what the books say. What differs is counted twice, and approved by somebody
          else.
        </p>
      </header>
      <Plan />
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={6} />}
      {items?.length === 0 && (
        <Empty icon="counts" title={state === 'open' ? 'Nothing is to be counted' : 'There is no such count'} />
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card count={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="count" />
    </section>
  );
}

const Card = ({ count }: { readonly count: CountHead }) => (
  <li class="sheet card count-card">
    <p class="card-head">
      <a class="card-kind code" href={href({ view: 'counts', part: count.id, query: {} })}>
        {count.id}
      </a>
      <span class="mark">{count.state === 'open' ? 'to count' : count.state === 'closed' ? 'done' : 'cancelled'}</span>
      <span class="card-supplier">{BY[count.by]}</span>
    </p>
    <p class="card-facts">
      <span>
        {numberText(count.done)} of {numberText(count.taskCount)} {count.taskCount === 1 ? 'bin' : 'bins'} done
      </span>
      <span>planned by {count.madeBy}</span>
      <Time at={count.createdAt} ago />
    </p>
  </li>
);

/** Which of the fields a kind of plan takes. */
const TAKES: Readonly<Record<CountHead['by'], { readonly names?: string; readonly size?: boolean }>> = {
  location: { names: 'Places, with what is in them' },
  sku: { names: 'SKUs' },
  abc: {},
  sample: { size: true },
  discrepancy: {},
  zero: {},
};

function Plan() {
  const [by, setBy] = useState<CountHead['by']>('location');
  const [names, setNames] = useState('');
  const [size, setSize] = useState('10');
  const { names: label, size: hasSize } = TAKES[by];
  const named = names.split(/[\s,]+/).filter((name) => name !== '');
  const body = {
    site: site.value!.site,
    by,
    ...(by === 'location' ? { locations: named } : {}),
    ...(by === 'sku' ? { skus: named } : {}),
    ...(hasSize === true ? { size: Number(size) } : {}),
  };
  const plan = useCommand(async (key) => {
    const { detail } = await post<CommandAnswer & { readonly detail: { readonly count: string } }>(
      '/v1/counts',
      body,
      key,
    );
    go({ view: 'counts', part: detail.count, query: {} });
  });
  const isReady = (label === undefined || named.length > 0) && (hasSize !== true || Number(size) >= 1);
  return (
    <form
      class="sheet count-plan"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        if (isReady) void plan.send();
      }}
    >
      <div class="count-fields">
        <label class="field">
          <span>Count</span>
          <select value={by} onChange={({ currentTarget }) => setBy(currentTarget.value as CountHead['by'])}>
            {Object.entries(BY).map(([value, text]) => (
              <option value={value} key={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {label !== undefined && (
          <label class="field">
            <span>{label}</span>
            <input value={names} onInput={({ currentTarget }) => setNames(currentTarget.value)} autocomplete="off" />
          </label>
        )}
        {hasSize === true && (
          <label class="field count-number">
            <span>Bins</span>
            <input
              type="number"
              min="1"
              max="2000"
              value={size}
              onInput={({ currentTarget }) => setSize(currentTarget.value)}
            />
          </label>
        )}
        <button type="submit" class="button button-main" disabled={!isReady || plan.state.kind === 'sending'}>
          <Icon name="counts" /> Plan it
        </button>
      </div>
      {plan.state.kind === 'failed' && <Failed fault={plan.state.fault} />}
    </form>
  );
}
