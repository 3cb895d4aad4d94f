// A new return to a supplier: of one SKU, as the books hold it. Longer ones come from the system that knows them.
import { useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { useCommand } from '../../shared/useCommand.ts';

const STATUSES = ['damaged', 'blocked', 'quality', 'returned'] as const;

export function NewReturn() {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <Form onClose={() => setOpen(false)} />;
  return (
    <div>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        <Icon name="partners" /> Send something back…
      </button>
    </div>
  );
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const [id, setId] = useState('');
  const [supplier, setSupplier] = useState('');
  const [authorisation, setAuthorisation] = useState('');
  const [sku, setSku] = useState('');
  const [quantity, setQuantity] = useState('');
  const [status, setStatus] = useState<string>(STATUSES[0]);
  const line = { line: '1', sku: sku.trim(), quantity: Number(quantity), status };
  const body = {
    site: site.value!.site,
    id: id.trim(),
    supplier: supplier.trim(),
    ...(authorisation.trim() === '' ? {} : { authorisation: authorisation.trim() }),
    lines: [line],
  };
  const enter = useCommand((key) => post<CommandAnswer>('/v1/supplier-returns', body, key));
  const { state } = enter;
  const send = async (): Promise<void> => {
    await enter.send();
  };
  if (state.kind === 'done')
    return (
      <p role="status">
        <span class="code">{id}</span> goes back to {supplier}: take it to a door, or say when it leaves.
      </p>
    );
  const fields: readonly (readonly [string, string, (value: string) => void])[] = [
    ['Number of the return', id, setId],
    ['Supplier', supplier, setSupplier],
    ['Their authorisation', authorisation, setAuthorisation],
    ['SKU', sku, setSku],
    ['How much', quantity, setQuantity],
  ];
  return (
    <div class="sheet load-new">
      <ConfirmForm
        icon="partners"
        text="Send it back"
        doing="Entering…"
        isSending={state.kind === 'sending'}
        isIncomplete={[id, supplier, sku].some((text) => text.trim() === '') || !(Number(quantity) > 0)}
        fault={state.kind === 'failed' ? state.fault : undefined}
        onSend={() => void send()}
        onClose={onClose}
      >
        <div class="load-fields">
          {fields.map(([text, value, set]) => (
            <label class="field" key={text}>
              <span>{text}</span>
              <input value={value} onInput={({ currentTarget }) => set(currentTarget.value)} autocomplete="off" />
            </label>
          ))}
          <label class="field">
            <span>As the books have it</span>
            <select value={status} onChange={({ currentTarget }) => setStatus(currentTarget.value)}>
              {STATUSES.map((one) => (
                <option value={one} key={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
        </div>
      </ConfirmForm>
    </div>
  );
}
