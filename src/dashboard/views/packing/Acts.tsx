// What can be done with a whole carton: close it, open it again, give it up.
import { useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { Carton } from '../../api/work.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { numberText } from '../../shared/text.ts';
import { sumOf } from './carton.tsx';

interface Props {
  readonly carton: Carton;
  readonly onDone: () => void;
}

export function Acts({ carton, onDone }: Props) {
  const { id, site, state, missing, wrong, parcel } = carton;
  const [isGivingUp, setGivingUp] = useState(false);
  const use = (route: string, body: object = {}) =>
    useCommand((key) => post<CommandAnswer>(`/v1/cartons/${id}/${route}`, { site, ...body }, key));
  const beside = wrong.map(({ epc }) => epc);
  const close = use('closing', beside.length === 0 ? {} : { beside });
  const more = use('closing', { more: true, ...(beside.length === 0 ? {} : { beside }) });
  const reopen = use('reopening');
  const giveUp = use('cancellation');
  // What a carrier has a booking of stays as it is until that is taken back.
  if (state === 'shipped' || state === 'cancelled' || parcel !== null) return null;
  const run = (command: typeof close) => () => void command.send().then(onDone);
  const failed = [close, more, reopen].find((command) => command.state.kind === 'failed')?.state;
  const isWrong = wrong.length > 0;
  return (
    <div class="packing-acts">
      {state === 'open' && (
        <button type="button" class="button button-main" onClick={run(close)}>
          <Icon name="tick" /> {isWrong ? 'Close it: the rest lies beside it' : 'Close it'}
        </button>
      )}
      {state === 'open' && missing.length > 0 && (
        <button type="button" class="button" onClick={run(more)}>
          Close it, {numberText(sumOf(missing))} go into another
        </button>
      )}
      {state === 'closed' && (
        <button type="button" class="button" onClick={run(reopen)}>
          Open it again
        </button>
      )}
      {!isGivingUp && (
        <button type="button" class="button" onClick={() => setGivingUp(true)}>
          Give it up…
        </button>
      )}
      {failed?.kind === 'failed' && <Failed fault={failed.fault} />}
      {isGivingUp && (
        <ConfirmForm
          icon="cross"
          text="Give it up"
          doing="Telling…"
          cancel="Keep it"
          isSending={giveUp.state.kind === 'sending'}
          fault={giveUp.state.kind === 'failed' ? giveUp.state.fault : undefined}
          onSend={() =>
            void giveUp
              .send()
              .then(() => setGivingUp(false))
              .then(onDone)
          }
          onClose={() => setGivingUp(false)}
        >
          <p class="confirm-what">Everything is taken out and stands at the bench. Its number is not used again.</p>
        </ConfirmForm>
      )}
    </div>
  );
}
