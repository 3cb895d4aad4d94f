// A new load: its number, who takes it, where it leaves, and the orders on it, scanned or typed one after the other.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { go } from '../../routing.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { useCommand } from '../../shared/useCommand.ts';

export function NewLoad() {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <Form onClose={() => setOpen(false)} />;
  return (
    <div>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        <Icon name="loads" /> Open a load…
      </button>
    </div>
  );
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const [id, setId] = useState('');
  const [carrier, setCarrier] = useState('');
  const [door, setDoor] = useState('');
  const [orders, setOrders] = useState('');
  const named = orders.split(/[\s,;]+/).filter((one) => one !== '');
  const open = useCommand((key) =>
    post<CommandAnswer>(
      '/v1/loads',
      { site: site.value!.site, id: id.trim(), carrier: carrier.trim(), orders: named, ...(door && { door }) },
      key,
    ),
  );
  const { state } = open;
  useEffect(() => {
    if (state.kind === 'done') go({ view: 'loads', part: id.trim(), query: {} });
  }, [state]);
  return (
    <div class="sheet load-new">
      <ConfirmForm
        icon="loads"
        text="Open it"
        doing="Opening…"
        isSending={state.kind === 'sending'}
        isIncomplete={id.trim() === '' || carrier.trim() === '' || named.length === 0}
        fault={state.kind === 'failed' ? state.fault : undefined}
        onSend={() => void open.send()}
        onClose={onClose}
      >
        <div class="load-fields">
          <label class="field">
            <span>Number of the load</span>
            <input value={id} onInput={({ currentTarget }) => setId(currentTarget.value)} autocomplete="off" />
          </label>
          <label class="field">
            <span>Carrier</span>
            <input
              value={carrier}
              onInput={({ currentTarget }) => setCarrier(currentTarget.value)}
              autocomplete="off"
            />
          </label>
          <DoorField door={door} onChange={setDoor} />
        </div>
        <label class="field field-wide">
          <span>Its orders, with blanks or commas between them</span>
          <input value={orders} onInput={({ currentTarget }) => setOrders(currentTarget.value)} autocomplete="off" />
        </label>
      </ConfirmForm>
    </div>
  );
}

interface DoorProps {
  /** Empty for any. */
  readonly door: string;
  readonly onChange: (door: string) => void;
}

const DoorField = ({ door, onChange }: DoorProps) => (
  <label class="field">
    <span>Door</span>
    <select value={door} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      <option value="">any</option>
      {site
        .value!.readPoints.filter(({ kind }) => kind === 'portal')
        .map(({ id }) => (
          <option value={id} key={id}>
            {id}
          </option>
        ))}
    </select>
  </label>
);
