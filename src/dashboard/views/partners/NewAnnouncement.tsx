// A return of a customer is announced: of an order, so much of each SKU that left with it, and why.
import { useEffect, useState } from 'preact/hooks';
import { get, post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { Order } from '../../api/work.ts';
import { site } from '../../live/sites.ts';
import { route } from '../../routing.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { numberText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';
import { useLoad } from '../../shared/useLoad.ts';
import { REASONS } from './reasons.ts';

/** `?order=` in the address opens it for that order. */
export function NewAnnouncement() {
  const { order } = route.value.query;
  const [isOpen, setOpen] = useState(order !== undefined);
  if (isOpen) return <Form of={order ?? ''} onClose={() => setOpen(false)} />;
  return (
    <div>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        <Icon name="partners" /> Announce a return…
      </button>
    </div>
  );
}

interface Said {
  readonly quantity: string;
  readonly because: string;
}

function Form({ of, onClose }: { readonly of: string; readonly onClose: () => void }) {
  const [id, setId] = useState('');
  const [order, setOrder] = useState(of);
  const [said, setSaid] = useState<Readonly<Record<string, Said>>>({});
  const siteId = site.value!.site;
  const lines = Object.entries(said)
    .filter(([, { quantity }]) => Number(quantity) > 0)
    .map(([sku, { quantity, because }], index) => ({
      line: String(index + 1),
      sku,
      quantity: Number(quantity),
      because,
    }));
  const body = { site: siteId, id: id.trim(), order: order.trim(), lines };
  const announce = useCommand((key) => post<CommandAnswer>('/v1/announced-returns', body, key));
  const { state } = announce;
  useEffect(() => {
    if (state.kind === 'done') onClose();
  }, [state]);
  return (
    <div class="sheet load-new">
      <ConfirmForm
        icon="partners"
        text="Announce it"
        doing="Announcing…"
        isSending={state.kind === 'sending'}
        isIncomplete={id.trim() === '' || lines.length === 0}
        fault={state.kind === 'failed' ? state.fault : undefined}
        onSend={() => void announce.send()}
        onClose={onClose}
      >
        <div class="load-fields">
          <label class="field">
            <span>Number of the return</span>
            <input value={id} onInput={({ currentTarget }) => setId(currentTarget.value)} autocomplete="off" />
          </label>
          <label class="field">
            <span>Order that it was sent with</span>
            <input
              value={order}
              onChange={({ currentTarget }) => {
                setOrder(currentTarget.value);
                setSaid({});
              }}
              autocomplete="off"
            />
          </label>
        </div>
        {order.trim() !== '' && <Lines order={order.trim()} said={said} onSay={setSaid} />}
      </ConfirmForm>
    </div>
  );
}

interface LinesProps {
  readonly order: string;
  readonly said: Readonly<Record<string, Said>>;
  readonly onSay: (said: Readonly<Record<string, Said>>) => void;
}

/** What left with the order, SKU by SKU. */
function Lines({ order, said, onSay }: LinesProps) {
  const siteId = site.value!.site;
  const { value, fault } = useLoad(`${siteId} ${order}`, (signal) =>
    get<Order>(`/v1/orders/${encodeURIComponent(order)}`, { site: siteId }, signal),
  );
  if (fault !== undefined)
    return (
      <p class="refusal" role="alert">
        {fault.message}
      </p>
    );
  if (value === undefined) return <p class="page-note">Looking for {order}…</p>;
  const shipped = new Map<string, number>();
  for (const line of value.lines)
    if (line.shipped > 0) shipped.set(line.sku, (shipped.get(line.sku) ?? 0) + line.shipped);
  if (shipped.size === 0) return <p class="page-note">Nothing of {order} has left yet.</p>;
  const say = (sku: string, change: Partial<Said>): void =>
    onSay({ ...said, [sku]: { quantity: '', because: 'other', ...said[sku], ...change } });
  return (
    <>
      <p class="page-note">{value.customer} was sent this; how much of it comes back?</p>
      {[...shipped].map(([sku, quantity]) => (
        <div class="load-fields" key={sku}>
          <label class="field">
            <span>
              <span class="code">{sku}</span>, of {numberText(quantity)}
            </span>
            <input
              inputMode="decimal"
              value={said[sku]?.quantity ?? ''}
              onInput={({ currentTarget }) => say(sku, { quantity: currentTarget.value })}
              autocomplete="off"
            />
          </label>
          <label class="field">
            <span>Why</span>
            <select
              value={said[sku]?.because ?? 'other'}
              onChange={({ currentTarget }) => say(sku, { because: currentTarget.value })}
            >
              {REASONS.map(([name, text]) => (
                <option value={name} key={name}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        </div>
      ))}
    </>
  );
}
