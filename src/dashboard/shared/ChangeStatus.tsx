// What an item, or so much of a stock without tags, is good for is said anew: put on hold, released, damaged; with the code of the reason.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import type { CommandAnswer } from '../api/types.ts';
import { site } from '../live/sites.ts';
import { ConfirmForm } from './ConfirmForm.tsx';
import { wordsOf } from './text.ts';
import { useCommand } from './useCommand.ts';

const STATUSES = [
  ['available', 'Available: release it'],
  ['quality', 'On hold: to be looked at'],
  ['damaged', 'Damaged'],
  ['blocked', 'Blocked'],
  ['returned', 'Returned'],
] as const;

/** An item, or stock without tags as it lies there. */
export type Held =
  | { readonly epc: string }
  | {
      readonly sku: string;
      readonly location: string;
      readonly lot: string | null;
      readonly owner: string | null;
      readonly quantity: number;
    };

const isWaiting = (detail: object | undefined): boolean =>
  detail !== undefined && 'state' in detail && detail.state === 'waiting';

interface Props {
  readonly of: Held;
  /** As the books have it. */
  readonly status: string;
  readonly onClose: () => void;
}

export function ChangeStatus({ of, status, onClose }: Props) {
  const { site: siteId, adjustmentCodes } = site.value!;
  const [to, setTo] = useState('');
  const [code, setCode] = useState('');
  const [reason, setReason] = useState('');
  const [quantity, setQuantity] = useState('quantity' in of ? String(of.quantity) : '1');
  const what =
    'epc' in of
      ? of
      : {
          sku: of.sku,
          location: of.location,
          quantity: Number(quantity),
          fromStatus: status,
          ...(of.lot === null ? {} : { lot: of.lot }),
          ...(of.owner === null ? {} : { owner: of.owner }),
        };
  const body = {
    site: siteId,
    ...what,
    status: to,
    ...(code === '' ? {} : { code }),
    ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
  };
  const tell = useCommand((key) => post<CommandAnswer>('/v1/holds', body, key));
  const { state } = tell;
  const waits = state.kind === 'done' && isWaiting(state.answer.detail);
  useEffect(() => {
    if (state.kind === 'done' && !waits) onClose();
  }, [state]);
  if (waits)
    return <p role="status">It is of more units than one may change alone: somebody else has to approve it.</p>;
  return (
    <ConfirmForm
      icon="tick"
      text="That is so"
      doing="Telling…"
      isSending={state.kind === 'sending'}
      isIncomplete={to === '' || !(Number(quantity) > 0)}
      fault={state.kind === 'failed' ? state.fault : undefined}
      onSend={() => void tell.send()}
      onClose={onClose}
    >
      <label class="field">
        <span>It is {wordsOf(status)}; from now on it is</span>
        <select value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)}>
          <option value="">choose…</option>
          {STATUSES.filter(([name]) => name !== status).map(([name, text]) => (
            <option value={name} key={name}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {'quantity' in of && (
        <label class="field">
          <span>How much of it</span>
          <input
            inputMode="decimal"
            value={quantity}
            onInput={({ currentTarget }) => setQuantity(currentTarget.value)}
            autocomplete="off"
          />
        </label>
      )}
      <label class="field">
        <span>Code of the reason</span>
        <select value={code} onChange={({ currentTarget }) => setCode(currentTarget.value)}>
          <option value="">as the status says</option>
          {adjustmentCodes.map((one) => (
            <option value={one} key={one}>
              {wordsOf(one)}
            </option>
          ))}
        </select>
      </label>
      <label class="field field-wide">
        <span>Why, for the record</span>
        <input value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} autocomplete="off" />
      </label>
    </ConfirmForm>
  );
}
