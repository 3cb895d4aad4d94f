// Goods that somebody has in front of them, received by a scan: a tag, or the code on a case, which counts what is in it; good, or not.
import { useRef, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer, Inbound } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { Icon } from '../../shared/Icon.tsx';
import { QuantityField } from '../../shared/QuantityField.tsx';
import { Failed } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';

const CONDITIONS = [
  ['receiving', 'good'],
  ['damaged', 'damaged'],
  ['quality', 'to be looked at'],
] as const;

/** Where goods come in; those of the open receipt first. */
function docksFor({ receipt }: Inbound): string[] {
  const { locations, readPoints } = site.value!;
  const own = readPoints.find(({ id }) => id === receipt?.door)?.inside;
  const docks = locations.filter(({ kind }) => kind === 'dock' || kind === 'staging-in').map(({ id }) => id);
  return own == null ? docks : [own, ...docks.filter((dock) => dock !== own)];
}

export function Goods({ inbound }: { readonly inbound: Inbound }) {
  const docks = docksFor(inbound);
  const [scan, setScan] = useState('');
  const [quantity, setQuantity] = useState('');
  const [said, setLocation] = useState('');
  const [status, setStatus] = useState<string>('receiving');
  const [reason, setReason] = useState('');
  const box = useRef<HTMLInputElement>(null);
  const location = said === '' ? (docks[0] ?? '') : said;
  const isGood = status === 'receiving';
  const receive = useCommand((key) =>
    post<CommandAnswer>(
      `/v1/inbounds/${encodeURIComponent(inbound.id)}/goods`,
      {
        site: inbound.site,
        scan: scan.trim(),
        location,
        ...(quantity === '' ? {} : { quantity: Number(quantity) }),
        ...(isGood ? {} : { status, reason: reason.trim() }),
      },
      key,
    ),
  );
  if (inbound.state === 'cancelled' || docks.length === 0) return null;
  const { state } = receive;
  const canSend = scan.trim() !== '' && (isGood || reason.trim() !== '') && state.kind !== 'sending';
  const send = async (): Promise<void> => {
    await receive.send();
    setScan('');
    setQuantity('');
    box.current?.focus();
  };
  return (
    <section aria-labelledby="by-hand">
      <h2 id="by-hand">Receive by hand</h2>
      <div class="sheet order-next">
        <form
          class="order-scan"
          onSubmit={(submitted) => {
            submitted.preventDefault();
            if (canSend) void send();
          }}
        >
          <label class="field">
            <span>Scan what came: its tag, or the code on it</span>
            <input
              ref={box}
              value={scan}
              onInput={({ currentTarget }) => setScan(currentTarget.value)}
              autocomplete="off"
            />
          </label>
          <QuantityField label="Units" value={quantity} placeholder="as it says" onInput={setQuantity} />
          <label class="field">
            <span>It stands at</span>
            <select value={location} onChange={({ currentTarget }) => setLocation(currentTarget.value)}>
              {docks.map((dock) => (
                <option key={dock}>{dock}</option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>Condition</span>
            <select value={status} onChange={({ currentTarget }) => setStatus(currentTarget.value)}>
              {CONDITIONS.map(([value, text]) => (
                <option value={value} key={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          {!isGood && (
            <label class="field">
              <span>Why</span>
              <input value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
            </label>
          )}
          <button type="submit" class="button button-main" disabled={!canSend}>
            <Icon name="in" /> Received
          </button>
        </form>
        {state.kind === 'done' && (
          <p class="packing-in" role="status">
            <Icon name="tick" /> {textOf(state.answer)}
          </p>
        )}
        {state.kind === 'failed' && <Failed fault={state.fault} />}
      </div>
    </section>
  );
}

/** `12 of BOLT, line 1.` */
function textOf({ detail = {} }: CommandAnswer): string {
  const { line, sku, received } = detail as { line?: string; sku?: string; received?: number };
  return sku === undefined || received === undefined
    ? 'It is received.'
    : `${numberText(received)} of ${sku}, line ${line ?? ''}.`;
}
