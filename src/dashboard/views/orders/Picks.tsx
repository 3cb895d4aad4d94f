// The lists that an order is picked with, in the order of the way: a picker confirms the next line by a scan, or says that it is not there.
import { useEffect, useState } from 'preact/hooks';
import { get, post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { Order, PickLine, PickList } from '../../api/work.ts';
import { onLive } from '../../live/stream.ts';
import { href } from '../../routing.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { Failed, When } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';
import { useLoad } from '../../shared/useLoad.ts';

export const Picks = ({ order }: { readonly order: Order }) => (
  <>
    {order.picks.map((id) => (
      <OnePick id={id} site={order.site} order={order.id} key={id} />
    ))}
  </>
);

interface Named {
  readonly id: string;
  readonly site: string;
  readonly order: string;
}

/** `order` is the one that is looked at; of the others the list says whose a line is. */
export function OnePick({ id, site, order }: Named) {
  const path = `/v1/picks/${encodeURIComponent(id)}`;
  const loaded = useLoad(`${site} ${id}`, (signal) => get<PickList>(path, { site }, signal));
  const [told, setTold] = useState<PickList | undefined>(undefined);
  useEffect(
    () =>
      onLive(({ pick }) => {
        const last = pick.findLast((one) => one.id === id);
        if (last !== undefined) setTold(last);
      }),
    [id],
  );
  useEffect(() => setTold(undefined), [loaded.value]);
  return (
    <section class="order-pick" aria-label={`Pick list ${id}`}>
      <h2>
        Pick list <span class="code">{id}</span>
      </h2>
      <When loaded={loaded}>{(value) => <Way pick={told ?? value} order={order} />}</When>
    </section>
  );
}

function Way({ pick, order }: { readonly pick: PickList; readonly order: string }) {
  const next = pick.lines.find(({ state }) => state === 'open');
  return (
    <>
      <p class="page-note">
        To <span class="code">{pick.to}</span>
        {pick.distanceM > 0 && `, ${numberText(Math.round(pick.distanceM))} m`}
        {pick.orders.length > 1 && `, with ${numberText(pick.orders.length - 1)} more on the same way`}
      </p>
      {next !== undefined && <Next pick={pick} line={next} key={next.line} />}
      <ol class="order-way">
        {pick.lines.map((line) => (
          <li class={line === next ? 'sheet is-next' : 'sheet'} key={line.line}>
            <span class="code order-bin">{line.location}</span>
            <span>
              <b>{numberText(line.quantity)}</b> of{' '}
              <a class="code" href={href({ view: 'stock', query: { sku: line.sku } })}>
                {line.sku}
              </a>
              {line.lot !== null && ` lot ${line.lot}`}
              {line.order !== order && ` for ${line.order}`}
            </span>
            <Mark line={line} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Mark({ line }: { readonly line: PickLine }) {
  const { state, picked, short } = line;
  if (state === 'picked')
    return (
      <span class="mark order-shipped">
        <Icon name="tick" /> picked
      </span>
    );
  if (short > 0)
    return (
      <span class="mark mark-bad">
        {numberText(short)} not taken here{picked > 0 && `, ${numberText(picked)} picked`}
      </span>
    );
  return picked > 0 ? <span class="mark">{numberText(picked)} picked</span> : null;
}

/** The line that is next on the way. */
function Next({ pick, line }: { readonly pick: PickList; readonly line: PickLine }) {
  const { site, id } = pick;
  const [scan, setScan] = useState('');
  const [isMissing, setMissing] = useState(false);
  const path = `/v1/picks/${encodeURIComponent(id)}/lines/${line.line}`;
  const confirm = useCommand((key) => post<CommandAnswer>(`${path}/confirmation`, { site, scan }, key));
  const missing = useCommand((key) => post<CommandAnswer>(`${path}/shortage`, { site }, key));
  const send = async (): Promise<void> => {
    await confirm.send();
    setScan('');
  };
  const left = numberText(line.quantity - line.picked - line.short);
  return (
    <div class="sheet order-next">
      <p>
        Next: <b>{left}</b> of <span class="code">{line.sku}</span> from <span class="code">{line.location}</span>
      </p>
      <form
        class="order-scan"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (scan !== '') void send();
        }}
      >
        <label class="field">
          <span>Scan the item, its barcode, or the bin</span>
          <input value={scan} onInput={({ currentTarget }) => setScan(currentTarget.value)} autocomplete="off" />
        </label>
        <button type="submit" class="button button-main" disabled={scan === '' || confirm.state.kind === 'sending'}>
          <Icon name="tick" /> Taken
        </button>
        <button type="button" class="button" onClick={() => setMissing(true)}>
          Not there…
        </button>
      </form>
      {confirm.state.kind === 'failed' && <Failed fault={confirm.state.fault} />}
      {isMissing && (
        <ConfirmForm
          icon="discrepancies"
          text="It is not there"
          doing="Telling…"
          isSending={missing.state.kind === 'sending'}
          fault={missing.state.kind === 'failed' ? missing.state.fault : undefined}
          onSend={() => void missing.send().then(() => setMissing(false))}
          onClose={() => setMissing(false)}
        >
          <p class="confirm-what">
            {left} are taken from another bin where one has them. The bin is to be counted; until then no more of it is
            promised.
          </p>
        </ConfirmForm>
      )}
    </div>
  );
}
