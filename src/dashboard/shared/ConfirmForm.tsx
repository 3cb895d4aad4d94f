// What a person stands for before it is sent: what they say of it, their name, and two buttons. Escape puts it away.
import type { ComponentChildren } from 'preact';
import type { ApiFault } from '../api/client.ts';
import { Icon, type IconName } from './Icon.tsx';
import { OperatorField } from './Operator.tsx';

interface Props {
  readonly icon: IconName;
  /** On the button that sends it: as it is, and while it is under way. */
  readonly text: string;
  readonly doing: string;
  readonly cancel?: string;
  readonly isSending: boolean;
  /** Something must still be filled in. */
  readonly isIncomplete?: boolean;
  readonly fault?: ApiFault | undefined;
  readonly onSend: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function ConfirmForm({
  icon,
  text,
  doing,
  cancel = 'Cancel',
  isSending,
  isIncomplete = false,
  fault,
  onSend,
  onClose,
  children,
}: Props) {
  return (
    <form
      class="confirm"
      onKeyDown={(pressed) => {
        if (pressed.key !== 'Escape' || isSending) return;
        pressed.stopPropagation();
        onClose();
      }}
      onSubmit={(submitted) => {
        submitted.preventDefault();
        if (!isIncomplete) onSend();
      }}
    >
      {children}
      <OperatorField />
      {fault !== undefined && (
        <p class="refusal" role="alert">
          <Icon name="discrepancies" /> {fault.message}
        </p>
      )}
      <div class="confirm-buttons">
        <button type="submit" class="button button-main" disabled={isSending || isIncomplete}>
          <Icon name={icon} /> {isSending ? doing : text}
        </button>
        <button type="button" class="button" onClick={onClose} disabled={isSending}>
          {cancel}
        </button>
      </div>
    </form>
  );
}
