// Somebody has looked for a doubted item: it is there, or it is missing and leaves the books.
import { useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer, Phantom } from '../../api/types.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { useCommand } from '../../shared/useCommand.ts';

type Tagged = Pick<Phantom, 'site' | 'location'> & { readonly epc: string };

export function Checked({ phantom: { site, epc, location } }: { readonly phantom: Tagged }) {
  const [says, setSays] = useState<'found' | 'missing' | undefined>(undefined);
  const [where, setWhere] = useState('');
  const found = says === 'found';
  const { state, send, reset } = useCommand((key) =>
    post<CommandAnswer>(
      `/v1/items/${epc}/check`,
      { site, found, ...(found && where.trim() !== '' && { location: where.trim() }) },
      key,
    ),
  );
  if (state.kind === 'done') {
    return (
      <p class="card-settled" role="status">
        <Icon name="tick" /> {found ? 'It was found' : 'It is missing, and out of the books'}
      </p>
    );
  }
  if (says === undefined) {
    return (
      <div class="confirm-buttons">
        <button type="button" class="button" onClick={() => setSays('found')}>
          Found…
        </button>
        <button type="button" class="button" onClick={() => setSays('missing')}>
          Missing…
        </button>
      </div>
    );
  }
  return (
    <ConfirmForm
      icon="tick"
      text={found ? 'It is there' : 'It is missing'}
      doing="Saying so…"
      isSending={state.kind === 'sending'}
      fault={state.kind === 'failed' ? state.fault : undefined}
      onSend={() => void send()}
      onClose={() => {
        reset();
        setSays(undefined);
      }}
    >
      {found ? (
        <label class="field field-wide">
          <span>Where, if not at {location}</span>
          <input value={where} onInput={({ currentTarget }) => setWhere(currentTarget.value)} maxLength={64} />
        </label>
      ) : (
        <p>You have looked for it at {location}. It leaves the books; if it is heard again, it comes back.</p>
      )}
    </ConfirmForm>
  );
}
