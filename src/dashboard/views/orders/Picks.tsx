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
import { Sort } from './Sort.tsx';

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
  const stops = stopsOf(pick);
  const next = stops.find((lines) => lines.some(({ state }) => state === 'open'));
  const first = next?.find(({ state }) => state === 'open');
  return (
    <>
      <p class="page-note">
        To <span class="code">{pick.to}</span>
        {pick.distanceM > 0 && `, ${numberText(Math.round(pick.distanceM))} m`}
        {pick.orders.length > 1 && `, for ${numberText(pick.orders.length)} orders`}
        {METHOD[pick.method] !== undefined && `: ${METHOD[pick.method]}`}
        {pick.zone !== null && pick.zone !== '' && ` (zone ${pick.zone})`}
      </p>
      {first !== undefined && <Next pick={pick} lines={next!} line={first} key={first.line} />}
      {pick.method === 'batch' && first === undefined && <Sort pick={pick} />}
      <ol class="order-way">
        {stops.map((lines) => (
          <Stop
            lines={lines}
            order={order}
            isNext={lines === next}
            totes={new Map(pick.totes.map((one) => [one.order, one.tote]))}
            key={lines[0]!.line}
          />
        ))}
      </ol>
    </>
  );
}

/** What each way of picking asks of the picker. */
const METHOD: Readonly<Partial<Record<PickList['method'], string>>> = {
  batch: 'take what all of them want at once, and sort it afterwards',
  cluster: 'each has its own tote, which is scanned too',
};

/** Lines that are taken together, in the order of the way. */
function stopsOf({ lines }: PickList): PickLine[][] {
  const stops: PickLine[][] = [];
  for (const line of lines) {
    const last = stops.at(-1);
    if (last?.[0]!.stop === line.stop) last.push(line);
    else stops.push([line]);
  }
  return stops;
}

const sumOf = (lines: readonly PickLine[], of: (line: PickLine) => number): number =>
  lines.reduce((sum, line) => sum + of(line), 0);

interface StopProps {
  readonly lines: readonly PickLine[];
  readonly order: string;
  readonly isNext: boolean;
  readonly totes: ReadonlyMap<string, string>;
}

function Stop({ lines, order, isNext, totes }: StopProps) {
  const [first] = lines as [PickLine];
  const tote = totes.get(first.order);
  return (
    <li class={isNext ? 'sheet is-next' : 'sheet'}>
      <span class="code order-bin">{first.location}</span>
      <span>
        <b>{numberText(sumOf(lines, ({ quantity }) => quantity))}</b> of{' '}
        <a class="code" href={href({ view: 'stock', query: { sku: first.sku } })}>
          {first.sku}
        </a>
        {first.lot !== null && ` lot ${first.lot}`}
        {lines.length > 1
          ? `, for ${numberText(new Set(lines.map((line) => line.order)).size)} orders`
          : first.order !== order && ` for ${first.order}`}
        {tote !== undefined && (
          <>
            {' '}
            into <span class="code">{tote}</span>
          </>
        )}
      </span>
      <Mark
        state={lines.find(({ state }) => state === 'open')?.state ?? first.state}
        picked={sumOf(lines, ({ picked }) => picked)}
        short={sumOf(lines, ({ short }) => short)}
      />
    </li>
  );
}

function Mark({ state, picked, short }: Pick<PickLine, 'state' | 'picked' | 'short'>) {
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

interface NextProps {
  readonly pick: PickList;
  /** What is taken together, and the first of it. */
  readonly lines: readonly PickLine[];
  readonly line: PickLine;
}

/** What is next on the way. */
function Next({ pick, lines, line }: NextProps) {
  const { site, id } = pick;
  const [scan, setScan] = useState('');
  const [tote, setTote] = useState('');
  const [isMissing, setMissing] = useState(false);
  const isCluster = pick.method === 'cluster';
  const path = `/v1/picks/${encodeURIComponent(id)}/lines/${line.line}`;
  const body = { site, scan, ...(isCluster && tote !== '' ? { tote } : {}) };
  const confirm = useCommand((key) => post<CommandAnswer>(`${path}/confirmation`, body, key));
  const missing = useCommand((key) => post<CommandAnswer>(`${path}/shortage`, { site }, key));
  const send = async (): Promise<void> => {
    await confirm.send();
    setScan('');
    setTote('');
  };
  const left = numberText(sumOf(lines, (one) => Math.max(0, one.quantity - one.picked - one.short)));
  const own = pick.totes.find((one) => one.order === line.order)?.tote;
  return (
    <div class="sheet order-next">
      <p>
        Next: <b>{left}</b> of <span class="code">{line.sku}</span> from <span class="code">{line.location}</span>
        {isCluster && (
          <>
            {' '}
            into <b class="code">{own ?? 'an empty tote'}</b> for {line.order}
          </>
        )}
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
        {isCluster && (
          <label class="field">
            <span>Scan the tote</span>
            <input value={tote} onInput={({ currentTarget }) => setTote(currentTarget.value)} autocomplete="off" />
          </label>
        )}
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
