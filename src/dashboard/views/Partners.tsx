// Whom the site deals with: suppliers, customers and carriers; what goes back to suppliers, and what comes back from customers.
import { useEffect, useState } from 'preact/hooks';
import { put } from '../api/client.ts';
import type { Partner, PartnerKind } from '../api/partners.ts';
import type { CommandAnswer } from '../api/types.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { href, route } from '../routing.ts';
import { ConfirmForm } from '../shared/ConfirmForm.tsx';
import { Icon } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { numberText } from '../shared/text.ts';
import { useCommand } from '../shared/useCommand.ts';
import { usePages } from '../shared/usePages.ts';
import { Announced } from './partners/Announced.tsx';
import { CameBack } from './partners/CameBack.tsx';
import { Returns } from './partners/Returns.tsx';

const KINDS = [
  ['supplier', 'Suppliers'],
  ['customer', 'Customers'],
  ['carrier', 'Carriers'],
  ['returns', 'Going back'],
  ['announced', 'To come back'],
  ['came-back', 'Came back'],
] as const;

export function Partners() {
  const { kind = 'supplier' } = route.value.query;
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Partners
        </h1>
        <p class="page-note">
          Whom we deal with. What documents and orders leave out is taken from here: tolerance of a supplier, address of
          a customer.
        </p>
      </header>
      <div class="filter-fields">
        <Tabs label="Kind" name="kind" present={kind} choices={KINDS} />
        <a class="button" href={href({ view: 'products', part: 'import', query: {} })}>
          <Icon name="inbounds" /> Import a file
        </a>
      </div>
      {kind === 'returns' ? (
        <Returns />
      ) : kind === 'announced' ? (
        <Announced />
      ) : kind === 'came-back' ? (
        <CameBack />
      ) : (
        <PartnerList kind={kind as PartnerKind} key={kind} />
      )}
    </section>
  );
}

function PartnerList({ kind }: { readonly kind: PartnerKind }) {
  const list = usePages<Partner>('/v1/partners', { site: site.value!.site, kind });
  const { items, fault, reload } = list;
  useEffect(
    () => onLive(({ partner, dropped }) => [...partner, ...dropped].some((one) => one.kind === kind) && reload()),
    [reload, kind],
  );
  return (
    <>
      <Enter kind={kind} onDone={reload} />
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={6} />}
      {items?.length === 0 && (
        <Empty icon="partners" title={`No ${kind} is known yet`}>
          Enter one, or import a file of them. With the rule <span class="code">knownPartners</span> only these may be
          named.
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <li class="sheet card partner-card" key={one.id}>
            <p class="card-head">
              <span class="card-kind code">{one.id}</span>
              <span class="card-supplier">{one.name}</span>
            </p>
            <p class="card-facts">
              {one.address !== null && <span>{one.address.split('\n').join(', ')}</span>}
              {one.tolerance !== null && <span>{numberText(one.tolerance * 100)} % more or less is no difference</span>}
              {one.address === null && one.tolerance === null && <span>nothing more is known</span>}
            </p>
          </li>
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what={kind} />
    </>
  );
}

function Enter({ kind, onDone }: { readonly kind: PartnerKind; readonly onDone: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [percent, setPercent] = useState('');
  const body = {
    site: site.value!.site,
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(address.trim() === '' ? {} : { address: address.trim() }),
    ...(percent.trim() === '' || kind !== 'supplier' ? {} : { tolerance: Number(percent) / 100 }),
  };
  const enter = useCommand((key) =>
    put<CommandAnswer>(`/v1/partners/${kind}/${encodeURIComponent(id.trim())}`, body, key),
  );
  if (!isOpen)
    return (
      <div>
        <button type="button" class="button" onClick={() => setOpen(true)}>
          <Icon name="partners" /> Enter a {kind}…
        </button>
      </div>
    );
  const send = async (): Promise<void> => {
    await enter.send();
    onDone();
  };
  const { state } = enter;
  return (
    <div class="sheet load-new">
      <ConfirmForm
        icon="tick"
        text="Enter it"
        doing="Entering…"
        cancel="Close"
        isSending={state.kind === 'sending'}
        isIncomplete={id.trim() === '' || Number.isNaN(Number(percent))}
        fault={state.kind === 'failed' ? state.fault : undefined}
        onSend={() => void send()}
        onClose={() => setOpen(false)}
      >
        <div class="load-fields">
          <label class="field">
            <span>Number</span>
            <input value={id} onInput={({ currentTarget }) => setId(currentTarget.value)} autocomplete="off" />
          </label>
          <label class="field">
            <span>Name</span>
            <input value={name} onInput={({ currentTarget }) => setName(currentTarget.value)} autocomplete="off" />
          </label>
          {kind === 'supplier' && (
            <label class="field">
              <span>Tolerance of receipts, %</span>
              <input
                inputMode="decimal"
                value={percent}
                onInput={({ currentTarget }) => setPercent(currentTarget.value)}
                autocomplete="off"
              />
            </label>
          )}
        </div>
        <label class="field field-wide">
          <span>Address</span>
          <input value={address} onInput={({ currentTarget }) => setAddress(currentTarget.value)} autocomplete="off" />
        </label>
        {state.kind === 'done' && <p role="status">It is known now.</p>}
      </ConfirmForm>
    </div>
  );
}
