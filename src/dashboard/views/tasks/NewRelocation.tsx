// Somebody says that goods are to lie in another bin: a task for whoever is next.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { QuantityField } from '../../shared/QuantityField.tsx';
import { useCommand } from '../../shared/useCommand.ts';

export function NewRelocation() {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <Form onClose={() => setOpen(false)} />;
  return (
    <div>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        <Icon name="arrow" /> Have something moved…
      </button>
    </div>
  );
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const [sku, setSku] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [quantity, setQuantity] = useState('');
  const [lot, setLot] = useState('');
  const [reason, setReason] = useState('');
  const body = {
    site: site.value!.site,
    sku: sku.trim(),
    from: from.trim(),
    to: to.trim(),
    ...(quantity === '' ? {} : { quantity: Number(quantity) }),
    ...(lot.trim() === '' ? {} : { lot: lot.trim() }),
    ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
  };
  const ask = useCommand((key) => post<CommandAnswer>('/v1/relocations', body, key));
  const { state } = ask;
  useEffect(() => {
    if (state.kind === 'done') onClose();
  }, [state]);
  const fields: readonly (readonly [string, string, (value: string) => void])[] = [
    ['SKU', sku, setSku],
    ['From: scan or type a bin', from, setFrom],
    ['To: scan or type a bin', to, setTo],
    ['Lot; any when empty', lot, setLot],
    ['Why', reason, setReason],
  ];
  return (
    <div class="sheet load-new">
      <ConfirmForm
        icon="arrow"
        text="Have it moved"
        doing="Asking…"
        isSending={state.kind === 'sending'}
        isIncomplete={[sku, from, to].some((text) => text.trim() === '')}
        fault={state.kind === 'failed' ? state.fault : undefined}
        onSend={() => void ask.send()}
        onClose={onClose}
      >
        <div class="load-fields">
          {fields.map(([text, value, set]) => (
            <label class="field" key={text}>
              <span>{text}</span>
              <input value={value} onInput={({ currentTarget }) => set(currentTarget.value)} autocomplete="off" />
            </label>
          ))}
          <QuantityField label="How much" value={quantity} placeholder="all of it" onInput={setQuantity} />
        </div>
      </ConfirmForm>
    </div>
  );
}
