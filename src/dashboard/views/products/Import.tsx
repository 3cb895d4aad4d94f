// A file is tried first: every row with what is wrong with it. What is good of it is then taken by the press of a button.
import { useState } from 'preact/hooks';
import { postFile, urlOf } from '../../api/client.ts';
import type { ImportAnswer } from '../../api/goods.ts';
import { site } from '../../live/sites.ts';
import { href } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { countText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';
import { Verdicts } from './Verdicts.tsx';

const KINDS = [
  ['products', 'Products'],
  ['stock', 'Opening stock'],
  ['partners', 'Suppliers, customers, carriers'],
  ['orders', 'Orders of customers'],
  ['inbounds', 'Purchase orders'],
] as const;
type Kind = (typeof KINDS)[number][0];

export function Import() {
  const [kind, setKind] = useState<Kind>('products');
  const [file, setFile] = useState<File | undefined>(undefined);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Import
        </h1>
        <p class="page-note">
          <a href={href({ view: 'products', part: undefined, query: {} })}>All products</a>
        </p>
      </header>
      <div class="sheet import-file">
        <label class="field">
          <span>What is in the file</span>
          <select
            value={kind}
            onChange={({ currentTarget }) => setKind(KINDS.find(([name]) => name === currentTarget.value)![0])}
          >
            {KINDS.map(([name, text]) => (
              <option value={name} key={name}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>CSV file, UTF-8; its first line names the columns</span>
          <input
            type="file"
            accept=".csv,text/csv"
            onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
          />
        </label>
        <p class="page-note">
          {kind === 'partners' && (
            <>
              <span class="code">kind, partner</span> are needed; <span class="code">name, address, tolerance</span> may
              be there.
            </>
          )}
          {kind === 'orders' && (
            <>
              <span class="code">order, customer, sku, quantity</span> are needed;{' '}
              <span class="code">line, lot, unit, ship_to, ship_by, priority, partial, owner</span> may be there. Each
              row is a line; an order is taken whole, or not at all.
            </>
          )}
          {kind === 'inbounds' && (
            <>
              <span class="code">inbound, supplier, sku, quantity</span> are needed;{' '}
              <span class="code">document, line, lot, expiry, unit, expected_from, expected_to, door, tolerance</span>{' '}
              may be there. Each row is a line; a document is taken whole, or not at all.
            </>
          )}
          {kind === 'products' && (
            <>
              <span class="code">sku</span> is needed;{' '}
              <span class="code">name, base_unit, gtin, packs, weight_g …</span> may be there. What the file has no
              column for stays as it is.
            </>
          )}
          {kind === 'stock' && (
            <>
              <span class="code">location, sku, quantity</span> are needed;{' '}
              <span class="code">unit, lot, owner, status, expiry, epc</span> may be there. A row with an EPC is one
              item.
            </>
          )}
        </p>
      </div>
      {file !== undefined && <Trial kind={kind} file={file} key={`${kind} ${file.name} ${file.lastModified}`} />}
    </section>
  );
}

function Trial({ kind, file }: { readonly kind: Kind; readonly file: File }) {
  const send = (dryRun: boolean) => (key: string) =>
    postFile<ImportAnswer>(urlOf('/v1/imports', { site: site.value!.site, kind, dryRun }), file, 'text/csv', key);
  const trial = useCommand(send(true));
  const taking = useCommand(send(false));
  const isTaken = taking.state.kind === 'done';
  const shown = taking.state.kind === 'done' ? taking.state : trial.state;
  const isBusy = trial.state.kind === 'sending' || taking.state.kind === 'sending';
  const good = trial.state.kind === 'done' ? trial.state.answer.taken : 0;
  return (
    <>
      {!isTaken && (
        <p class="import-buttons">
          <button type="button" class="button" disabled={isBusy} onClick={() => void trial.send()}>
            <Icon name="review" /> Try it: nothing is kept
          </button>
          {trial.state.kind === 'done' && (
            <button
              type="button"
              class="button button-main"
              disabled={isBusy || good === 0}
              onClick={() => void taking.send()}
            >
              <Icon name="tick" /> Take the {countText(good, 'good row')}
            </button>
          )}
        </p>
      )}
      {trial.state.kind === 'failed' && <Failed fault={trial.state.fault} onRetry={() => void trial.send()} />}
      {taking.state.kind === 'failed' && <Failed fault={taking.state.fault} onRetry={() => void taking.send()} />}
      {shown.kind === 'done' && <Verdicts of={shown.answer} />}
    </>
  );
}
