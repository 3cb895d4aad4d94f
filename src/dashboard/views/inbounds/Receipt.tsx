// The receipt of a document: opened when its truck is at the door, closed when everything that came is off it.
import { useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer, Inbound } from '../../api/types.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';

export function Receipt({ inbound }: { readonly inbound: Inbound }) {
  const { id, site, receipt, state } = inbound;
  const [isClosing, setClosing] = useState(false);
  const path = `/v1/inbounds/${encodeURIComponent(id)}`;
  const open = useCommand((key) => post<CommandAnswer>(`${path}/receipt`, { site }, key));
  const close = useCommand((key) => post<CommandAnswer>(`${path}/closing`, { site }, key));
  if (state === 'cancelled' || state === 'received') return null;
  if (receipt === null) {
    return (
      <div class="inbound-receipt">
        <button type="button" class="button" onClick={() => void open.send()} disabled={open.state.kind === 'sending'}>
          <Icon name="in" /> Its truck is here
        </button>
        {open.state.kind === 'failed' && <Failed fault={open.state.fault} onRetry={() => void open.send()} />}
      </div>
    );
  }
  const differs = (by: 'short' | 'over'): number =>
    inbound.lines.reduce((sum, line) => sum + (line[by] > inbound.tolerance * line.quantity ? line[by] : 0), 0);
  const [short, over] = [differs('short'), differs('over')];
  const send = async (): Promise<void> => {
    await close.send();
    setClosing(false);
  };
  return (
    <div class="inbound-receipt">
      <p>
        Receipt {inbound.receipts} is open since <Time at={receipt.openedAt} ago />
        {receipt.by !== null && ` (${receipt.by})`}
      </p>
      {isClosing ? (
        <ConfirmForm
          icon="tick"
          text="Close it"
          doing="Closing…"
          cancel="Not yet"
          isSending={close.state.kind === 'sending'}
          onSend={() => void send()}
          onClose={() => setClosing(false)}
        >
          <p class="confirm-what">
            {short > 0 && `${numberText(short)} did not come: told as short, and still waited for. `}
            {over > 0 && `${numberText(over)} came too many: told as over, to be kept or returned. `}
            {short === 0 && over === 0 && 'What was expected came.'}
          </p>
        </ConfirmForm>
      ) : (
        <button type="button" class="button" onClick={() => setClosing(true)}>
          <Icon name="tick" /> Close the receipt…
        </button>
      )}
      {close.state.kind === 'failed' && <Failed fault={close.state.fault} onRetry={() => void close.send()} />}
    </div>
  );
}
