// Settling a discrepancy: a reason and a name, then the command and its answer.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { useCommand } from '../../shared/useCommand.ts';

export function Settle({ id }: { readonly id: string }) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { state, send, reset } = useCommand((key) =>
    post<CommandAnswer>(`/v1/discrepancies/${id}/settlement`, { reason: reason.trim() }, key),
  );
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (isOpen) field.current?.focus();
    else if (wasOpen.current) opener.current?.focus();
  }, [isOpen]);
  if (state.kind === 'done') {
    return (
      <p class="card-settled" role="status">
        <Icon name="tick" /> Settled: {reason}
      </p>
    );
  }
  const close = (): void => {
    reset();
    setOpen(false);
    wasOpen.current = true;
  };
  if (!isOpen) {
    return (
      <button type="button" class="button" onClick={() => setOpen(true)} ref={opener}>
        Settle…
      </button>
    );
  }
  return (
    <ConfirmForm
      icon="tick"
      text="Settle it"
      doing="Settling…"
      isSending={state.kind === 'sending'}
      isIncomplete={reason.trim() === ''}
      fault={state.kind === 'failed' ? state.fault : undefined}
      onSend={() => void send()}
      onClose={close}
    >
      <label class="field field-wide">
        <span>What was found, what was done</span>
        <input
          ref={field}
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
          maxLength={500}
          required
        />
      </label>
    </ConfirmForm>
  );
}
