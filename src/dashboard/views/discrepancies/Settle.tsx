// Settling a discrepancy: a reason and a name, then the command and its answer.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { Icon } from '../../shared/Icon.tsx';
import { OperatorField } from '../../shared/Operator.tsx';
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
    <form
      class="confirm"
      onKeyDown={(pressed) => {
        if (pressed.key !== 'Escape' || state.kind === 'sending') return;
        pressed.stopPropagation();
        close();
      }}
      onSubmit={(submitted) => {
        submitted.preventDefault();
        if (reason.trim() !== '') void send();
      }}
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
      <OperatorField />
      {state.kind === 'failed' && (
        <p class="refusal" role="alert">
          <Icon name="discrepancies" /> {state.fault.message}
        </p>
      )}
      <div class="confirm-buttons">
        <button type="submit" class="button button-main" disabled={state.kind === 'sending' || reason.trim() === ''}>
          <Icon name="tick" /> {state.kind === 'sending' ? 'Settling…' : 'Settle it'}
        </button>
        <button type="button" class="button" onClick={close} disabled={state.kind === 'sending'}>
          Cancel
        </button>
      </div>
    </form>
  );
}
