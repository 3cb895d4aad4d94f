// What goes back to suppliers: how much of each return has left, what leaves without tags as somebody says it, and the end of it.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { SupplierReturn } from '../../api/partners.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { onLive } from '../../live/stream.ts';
import { href } from '../../routing.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { More } from '../../shared/More.tsx';
import { Empty, Failed, Loading } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { usePages } from '../../shared/usePages.ts';
import { NewReturn } from './NewReturn.tsx';

const STATE = {
  open: 'here still',
  sent: 'all gone',
  closed: 'done',
} as const satisfies Readonly<Record<SupplierReturn['state'], string>>;

export function Returns() {
  const list = usePages<SupplierReturn>('/v1/supplier-returns', { site: site.value!.site });
  const { items, fault, reload } = list;
  useEffect(() => onLive((live) => live.return.length > 0 && reload()), [reload]);
  return (
    <>
      <NewReturn />
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={6} />}
      {items?.length === 0 && (
        <Empty icon="partners" title="Nothing goes back">
          What is damaged or held goes back to its supplier here; a door that sees it leave counts it.
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card back={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="return" />
    </>
  );
}

const Card = ({ back }: { readonly back: SupplierReturn }) => (
  <li class="sheet card return-card">
    <p class="card-head">
      <span class="card-kind code">{back.id}</span>
      <span class="mark">{STATE[back.state]}</span>
      <span class="card-supplier">{back.supplier}</span>
    </p>
    <table class="ledger" aria-label={`Lines of ${back.id}`}>
      <tbody>
        {back.lines.map((line) => (
          <tr class="line" key={line.line}>
            <th scope="row">
              <a class="code" href={href({ view: 'stock', query: { sku: line.sku } })}>
                {line.sku}
              </a>
              {line.lot !== null && ` lot ${line.lot}`}
            </th>
            <td>{line.status}</td>
            <td class={line.sent > line.quantity ? 'number mark-bad' : 'number'}>
              <b>{numberText(line.sent)}</b> of {numberText(line.quantity)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    <p class="card-facts">
      {back.authorisation !== null && <span>authorisation {back.authorisation}</span>}
      {back.inbound !== null && (
        <a class="code" href={href({ view: 'inbounds', part: back.inbound, query: {} })}>
          {back.inbound}
        </a>
      )}
      <span>by {back.by}</span>
      <Time at={back.createdAt} only />
    </p>
    {back.state !== 'closed' && <Acts back={back} />}
  </li>
);

function Acts({ back }: { readonly back: SupplierReturn }) {
  const [act, setAct] = useState<'send' | 'close' | undefined>(undefined);
  if (act === 'send') return <Send back={back} onClose={() => setAct(undefined)} />;
  if (act === 'close') return <Close back={back} onClose={() => setAct(undefined)} />;
  return (
    <div class="confirm-buttons">
      {back.state === 'open' && (
        <button type="button" class="button" onClick={() => setAct('send')}>
          <Icon name="out" /> It leaves…
        </button>
      )}
      <button type="button" class="button" onClick={() => setAct('close')}>
        <Icon name="tick" /> No more of it…
      </button>
    </div>
  );
}

interface ActProps {
  readonly back: SupplierReturn;
  readonly onClose: () => void;
}

/** So much of a line without tags leaves; what has tags is seen by the door. */
function Send({ back, onClose }: ActProps) {
  const waiting = back.lines.filter(({ sent, quantity }) => sent < quantity);
  const [line, setLine] = useState(waiting[0]!.line);
  const chosen = waiting.find((one) => one.line === line) ?? waiting[0]!;
  const [quantity, setQuantity] = useState(String(chosen.quantity - chosen.sent));
  const [location, setLocation] = useState('');
  const path = `/v1/supplier-returns/${encodeURIComponent(back.id)}/shipment`;
  const send = useCommand((key) =>
    post<CommandAnswer>(path, { site: back.site, line, quantity: Number(quantity), location: location.trim() }, key),
  );
  useEffect(() => {
    if (send.state.kind === 'done') onClose();
  }, [send.state]);
  return (
    <ConfirmForm
      icon="out"
      text="It leaves"
      doing="Telling…"
      isSending={send.state.kind === 'sending'}
      isIncomplete={!(Number(quantity) > 0) || location.trim() === ''}
      fault={send.state.kind === 'failed' ? send.state.fault : undefined}
      onSend={() => void send.send()}
      onClose={onClose}
    >
      <label class="field">
        <span>Line</span>
        <select value={line} onChange={({ currentTarget }) => setLine(currentTarget.value)}>
          {waiting.map((one) => (
            <option value={one.line} key={one.line}>
              {one.line}: {one.sku}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>How much</span>
        <input
          inputMode="decimal"
          value={quantity}
          onInput={({ currentTarget }) => setQuantity(currentTarget.value)}
          autocomplete="off"
        />
      </label>
      <label class="field">
        <span>Where it leaves from: scan or type a place</span>
        <input value={location} onInput={({ currentTarget }) => setLocation(currentTarget.value)} autocomplete="off" />
      </label>
    </ConfirmForm>
  );
}

function Close({ back, onClose }: ActProps) {
  const path = `/v1/supplier-returns/${encodeURIComponent(back.id)}/closing`;
  const close = useCommand((key) => post<CommandAnswer>(path, { site: back.site }, key));
  return (
    <ConfirmForm
      icon="tick"
      text="No more of it is sent"
      doing="Closing…"
      isSending={close.state.kind === 'sending'}
      fault={close.state.kind === 'failed' ? close.state.fault : undefined}
      onSend={() => void close.send()}
      onClose={onClose}
    >
      <p class="confirm-what">
        {back.state === 'sent'
          ? 'All of it has left.'
          : `${numberText(back.quantity - back.sent)} of it stay here, as they are.`}
      </p>
    </ConfirmForm>
  );
}
