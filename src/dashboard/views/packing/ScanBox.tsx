// Where scans go: a scanner types what it read and ends with Enter, and the box is ready for the next at once.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { Carton } from '../../api/work.ts';
import { Icon } from '../../shared/Icon.tsx';
import { QuantityField } from '../../shared/QuantityField.tsx';
import { Failed } from '../../shared/states.tsx';
import { useCommand } from '../../shared/useCommand.ts';

interface Props {
  readonly carton: Carton;
  readonly onDone: () => void;
}

export function ScanBox({ carton: { id, site }, onDone }: Props) {
  const [scan, setScan] = useState('');
  const [quantity, setQuantity] = useState('');
  const box = useRef<HTMLInputElement>(null);
  const pack = useCommand((key) =>
    post<CommandAnswer>(
      `/v1/cartons/${id}/contents`,
      { site, scan, ...(quantity === '' ? {} : { quantity: Number(quantity) }) },
      key,
    ),
  );
  const { state } = pack;
  useEffect(() => box.current?.focus(), []);
  const send = async (): Promise<void> => {
    await pack.send();
    setScan('');
    setQuantity('');
    box.current?.focus();
    onDone();
  };
  return (
    <div class="sheet order-next">
      <form
        class="order-scan"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (scan !== '' && state.kind !== 'sending') void send();
        }}
      >
        <label class="field">
          <span>Scan what goes in: its tag or its barcode</span>
          <input
            ref={box}
            value={scan}
            onInput={({ currentTarget }) => setScan(currentTarget.value)}
            autocomplete="off"
          />
        </label>
        <QuantityField label="How many" value={quantity} placeholder="1" onInput={setQuantity} />
        <button type="submit" class="button button-main" disabled={scan === '' || state.kind === 'sending'}>
          <Icon name="tick" /> In
        </button>
      </form>
      {state.kind === 'done' && (
        <p class="packing-in" role="status">
          <Icon name="tick" /> It is in.
        </p>
      )}
      {state.kind === 'failed' && <Failed fault={state.fault} />}
    </div>
  );
}
