// What a person finds in a bin, one thing after the other, scanned or typed, and told as a whole. Nothing here knows what the books say.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { CountTask } from '../../api/work.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { numberText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';

interface Said {
  /** A SKU as it was typed, or a barcode or tag as it was scanned. */
  readonly what: string;
  readonly quantity: number;
}

interface Props {
  readonly task: CountTask;
  readonly onClose: () => void;
}

export function Entry({ task: { site, count, task, location }, onClose }: Props) {
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [what, setWhat] = useState('');
  const [quantity, setQuantity] = useState('1');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const path = `/v1/counts/${encodeURIComponent(count)}/tasks/${task}/entry`;
  const send = useCommand((key) => post<CommandAnswer>(path, { site, ...bodyOf(said) }, key));
  const many = Number(quantity);
  const canAdd = what.trim() !== '' && many > 0 && Number.isFinite(many);
  const add = (): void => {
    if (!canAdd) return;
    setSaid([...said, { what: what.trim(), quantity: many }]);
    setWhat('');
    setQuantity('1');
    field.current?.focus();
  };
  return (
    <ConfirmForm
      icon="tick"
      text={said.length === 0 ? 'Nothing is there' : 'That is all'}
      doing="Telling…"
      isSending={send.state.kind === 'sending'}
      isIncomplete={what.trim() !== ''}
      fault={send.state.kind === 'failed' ? send.state.fault : undefined}
      onSend={() => void send.send()}
      onClose={onClose}
    >
      <p class="confirm-what">
        Everything that lies at <b class="code">{location}</b>:
      </p>
      <ul class="count-said" aria-label={`Counted at ${location}`}>
        {said.map((one, index) => (
          <li key={index}>
            <b>{numberText(one.quantity)}</b> <span class="code">{one.what}</span>
            <button
              type="button"
              class="button"
              aria-label={`Take back ${one.what}`}
              onClick={() => setSaid(said.filter((_, other) => other !== index))}
            >
              <Icon name="cross" />
            </button>
          </li>
        ))}
      </ul>
      <div class="count-fields">
        <label class="field">
          <span>SKU, barcode or tag</span>
          <input
            ref={field}
            value={what}
            onInput={({ currentTarget }) => setWhat(currentTarget.value)}
            onKeyDown={(pressed) => {
              // A scanner ends with Enter.
              if (pressed.key !== 'Enter' || what.trim() === '') return;
              pressed.preventDefault();
              add();
            }}
            autocomplete="off"
          />
        </label>
        <label class="field count-number">
          <span>Quantity</span>
          <input
            type="number"
            min="0"
            step="any"
            inputMode="decimal"
            value={quantity}
            onInput={({ currentTarget }) => setQuantity(currentTarget.value)}
            onKeyDown={(pressed) => {
              if (pressed.key !== 'Enter') return;
              pressed.preventDefault();
              add();
            }}
          />
        </label>
        <button type="button" class="button" onClick={add} disabled={!canAdd}>
          <Icon name="down" /> Add
        </button>
      </div>
    </ConfirmForm>
  );
}

/** Tags and barcodes are scans, each as often as it was said; everything else is a SKU. */
function bodyOf(said: readonly Said[]): object {
  if (said.length === 0) return { empty: true };
  const isScan = ({ what }: Said): boolean =>
    /^\][A-Za-z]\d/.test(what) || /^(?:[\dA-Fa-f]{2}){12,}$/.test(what) || isGtin(what);
  const scans = said.filter(isScan).flatMap(({ what, quantity }) => Array.from({ length: quantity }, () => what));
  const lines = said.filter((one) => !isScan(one)).map(({ what: sku, quantity }) => ({ sku, quantity }));
  return { ...(scans.length > 0 ? { scans } : {}), ...(lines.length > 0 ? { lines } : {}) };
}

/** A GTIN-8, -12, -13 or -14 as a scanner types it that says no symbology: its last digit checks the others (GS1 General Specifications, 7.9). */
function isGtin(text: string): boolean {
  if (!/^(?:\d{8}|\d{12,14})$/.test(text)) return false;
  const sum = Array.from(text.slice(0, -1), Number)
    .toReversed()
    .reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10 === Number(text.at(-1));
}
