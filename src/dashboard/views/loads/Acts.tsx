// What is done with a load at its door: a seal goes on, an order joins it, the truck leaves.
import { useState } from 'preact/hooks';
import { post, put } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { Load } from '../../api/work.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon, type IconName } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { countText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';

interface Props {
  readonly load: Load;
  readonly onDone: () => void;
}

export function Acts({ load, onDone }: Props) {
  const { seals, orders } = load;
  return (
    <div class="load-acts">
      <div class="sheet order-next">
        <Adding
          label="Scan the seal on its doors"
          icon="tick"
          text="Sealed"
          bodyOf={(seal) => ({ ...saidOf(load), seals: [...seals, seal] })}
          load={load}
          onDone={onDone}
        />
        <Adding
          label="Scan an order that goes with it"
          icon="orders"
          text="Add it"
          bodyOf={(order) => ({ ...saidOf(load), orders: [...orders.map((one) => one.order), order] })}
          load={load}
          onDone={onDone}
        />
      </div>
      <Leave load={load} onDone={onDone} />
    </div>
  );
}

/** Everything that a load says: what is amended is said anew, whole. */
const saidOf = ({ site, door, carrier, seals, orders }: Load) => ({
  site,
  ...(door === null ? {} : { door }),
  carrier,
  seals,
  orders: orders.map(({ order }) => order),
});

interface AddingProps extends Props {
  readonly label: string;
  readonly icon: IconName;
  readonly text: string;
  /** The load with what was scanned. */
  readonly bodyOf: (scan: string) => object;
}

function Adding({ label, icon, text, bodyOf, load, onDone }: AddingProps) {
  const [scan, setScan] = useState('');
  const path = `/v1/loads/${encodeURIComponent(load.id)}`;
  const amend = useCommand((key) => put<CommandAnswer>(path, bodyOf(scan.trim()), key));
  const isSending = amend.state.kind === 'sending';
  return (
    <form
      class="order-scan"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        if (scan.trim() === '' || isSending) return;
        void amend.send().then(() => {
          setScan('');
          onDone();
        });
      }}
    >
      <label class="field">
        <span>{label}</span>
        <input value={scan} onInput={({ currentTarget }) => setScan(currentTarget.value)} autocomplete="off" />
      </label>
      <button type="submit" class="button" disabled={scan.trim() === '' || isSending}>
        <Icon name={icon} /> {text}
      </button>
      {amend.state.kind === 'failed' && <Failed fault={amend.state.fault} />}
    </form>
  );
}

/** Said with what is wrong and missing before the eye: it cannot be taken back. */
function Leave({ load, onDone }: Props) {
  const { id, site, alarms, missing, short, seals } = load;
  const [isLeaving, setLeaving] = useState(false);
  const close = useCommand((key) => post<CommandAnswer>(`/v1/loads/${encodeURIComponent(id)}/closing`, { site }, key));
  if (!isLeaving)
    return (
      <div>
        <button type="button" class="button button-main" onClick={() => setLeaving(true)}>
          <Icon name="out" /> The truck leaves…
        </button>
      </div>
    );
  return (
    <div class="sheet load-leave">
      <ConfirmForm
        icon="out"
        text={alarms.length > 0 ? 'Let it leave all the same' : 'It leaves'}
        doing="Closing…"
        cancel="Not yet"
        isSending={close.state.kind === 'sending'}
        fault={close.state.kind === 'failed' ? close.state.fault : undefined}
        onSend={() => void close.send().then(onDone)}
        onClose={() => setLeaving(false)}
      >
        <ul class="load-checks">
          {alarms.length > 0 && (
            <li class="is-wrong">
              <Icon name="alerts" /> {countText(alarms.length, 'thing')} went out wrongly and did not come back.
            </li>
          )}
          <li class={missing > 0 ? 'is-short' : ''}>
            <Icon name={missing > 0 ? 'undecided' : 'tick'} />
            {missing > 0
              ? ` ${countText(missing, 'unit')} of ${countText(short, 'order')} stay behind, and can go with another load.`
              : ' Everything of its orders is out.'}
          </li>
          <li class={seals.length === 0 ? 'is-short' : ''}>
            <Icon name={seals.length === 0 ? 'undecided' : 'tick'} />
            {seals.length === 0 ? ' No seal is noted.' : ` Sealed with ${seals.join(', ')}.`}
          </li>
        </ul>
        <p class="confirm-what">What is on it is with the customers from then on, for the books too.</p>
      </ConfirmForm>
    </div>
  );
}
