// Transfers between our sites as this one has them: what is ordered, under way, here; and of a site that others hold, what they say and how old that is.
import { useEffect, useState } from 'preact/hooks';
import { get, post } from '../api/client.ts';
import type { CommandAnswer } from '../api/types.ts';
import type { Holdings, Transfer } from '../api/work.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { href, route } from '../routing.ts';
import { ConfirmForm } from '../shared/ConfirmForm.tsx';
import { Icon } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { numberText } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { useCommand } from '../shared/useCommand.ts';
import { useLoad } from '../shared/useLoad.ts';
import { usePages } from '../shared/usePages.ts';

const STATES = [
  ['open', 'Open'],
  ['closed', 'Done'],
  ['all', 'All'],
] as const;

const STATE = {
  ordered: 'ordered',
  transit: 'under way',
  received: 'all there',
  closed: 'done',
} as const satisfies Readonly<Record<Transfer['state'], string>>;

export function Transfers() {
  const { state = 'open' } = route.value.query;
  const list = usePages<Transfer>('/v1/transfers', { site: site.value!.site, state });
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ transfer }) => transfer.length > 0 && reload()), [reload]);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Transfers
        </h1>
        <p class="page-note">What goes to and comes from our other sites. Both sites see the same under way.</p>
      </header>
      <Word />
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={6} />}
      {items?.length === 0 && (
        <Empty icon="transfers" title={state === 'open' ? 'Nothing is under way' : 'There is no such transfer'}>
          Transfers appear here when they are ordered (POST /v1/transfers).
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card transfer={one} key={`${one.direction} ${one.other} ${one.id}`} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="transfer" />
    </section>
  );
}

function Card({ transfer }: { readonly transfer: Transfer }) {
  const { id, direction, other, state, createdAt, inbounds, lines } = transfer;
  return (
    <li class="sheet card transfer-card">
      <p class="card-head">
        {direction === 'out' ? (
          <a class="card-kind code" href={href({ view: 'orders', part: id, query: {} })}>
            {id}
          </a>
        ) : (
          <span class="card-kind code">{id}</span>
        )}
        <span class="mark">
          <Icon name={direction} /> {STATE[state]}
        </span>
        <span class="card-supplier">
          {direction === 'out' ? 'to' : 'from'} {other}
        </span>
      </p>
      {lines.length > 0 && (
        <table class="ledger" aria-label={`What ${id} brings`}>
          <thead>
            <tr>
              <th scope="col">SKU</th>
              <th scope="col" class="number">
                Sent
              </th>
              <th scope="col" class="number">
                There
              </th>
              <th scope="col" class="number">
                Under way
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr class="line" key={`${line.sku} ${line.lot ?? ''}`}>
                <td>
                  <span class="code">{line.sku}</span>
                  {line.lot !== null && <span class="account-more"> lot {line.lot}</span>}
                  {line.short > 0 && <span class="account-more"> {numberText(line.short)} did not come</span>}
                </td>
                <td class="number">{numberText(line.sent)}</td>
                <td class="number">{numberText(line.received)}</td>
                <td class="number">{numberText(line.transit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="card-facts">
        <span>
          ordered <Time at={createdAt} ago />
        </span>
        {inbounds.map((inbound) => (
          <a class="code" href={href({ view: 'inbounds', part: inbound, query: {} })} key={inbound}>
            {inbound}
          </a>
        ))}
      </p>
      {direction === 'in' && state !== 'closed' && <Close transfer={transfer} />}
    </li>
  );
}

/** The receiver says that nothing more comes. */
function Close({ transfer: { id, site: siteId, other, lines } }: { readonly transfer: Transfer }) {
  const [isOpen, setOpen] = useState(false);
  const path = `/v1/transfers/${encodeURIComponent(id)}/closing`;
  const close = useCommand((key) => post<CommandAnswer>(path, { site: siteId, from: other }, key));
  const missing = lines.reduce((sum, { transit }) => sum + Math.max(0, transit), 0);
  if (!isOpen)
    return (
      <div class="count-buttons">
        <button type="button" class="button" onClick={() => setOpen(true)}>
          <Icon name="tick" /> Nothing more comes…
        </button>
      </div>
    );
  return (
    <ConfirmForm
      icon="tick"
      text="Close it"
      doing="Closing…"
      isSending={close.state.kind === 'sending'}
      fault={close.state.kind === 'failed' ? close.state.fault : undefined}
      onSend={() => void close.send()}
      onClose={() => setOpen(false)}
    >
      <p class="confirm-what">
        {missing === 0 ? 'All of it came.' : `${numberText(missing)} did not come: ${other} writes them off.`}
      </p>
    </ConfirmForm>
  );
}

/** What whoever holds the stock of this site last said, and how old that is. */
function Word() {
  const siteId = site.value!.site;
  const { value } = useLoad(
    `holdings ${siteId}`,
    (signal) => get<Holdings>('/v1/holdings', { site: siteId }, signal),
    30_000,
  );
  if (value === undefined || value.asOf === null) return null;
  return (
    <div class="sheet count-plan">
      <p>
        Their last word is of <Time at={value.asOf} ago />
      </p>
      <table class="ledger" aria-label="What they hold">
        <thead>
          <tr>
            <th scope="col">SKU</th>
            <th scope="col" class="number">
              On hand
            </th>
            <th scope="col" class="number">
              Under way
            </th>
            <th scope="col" class="number">
              Total
            </th>
          </tr>
        </thead>
        <tbody>
          {value.stock.map(({ sku, onHand, transit, total }) => (
            <tr class="line" key={sku}>
              <td class="code">{sku}</td>
              <td class="number">{numberText(onHand)}</td>
              <td class="number">{numberText(transit)}</td>
              <td class="number">{numberText(total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
