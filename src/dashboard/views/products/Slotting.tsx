// Which velocity class each SKU is of by what was picked of it, and what had better lie in another bin; taken, made a task, or told, one by one.
import { asFault, get, post, put } from '../../api/client.ts';
import type { Slotting as Proposals, SlottingMove } from '../../api/goods.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { href } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Empty, Failed, When } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';
import { useLoad } from '../../shared/useLoad.ts';

export function Slotting() {
  const id = site.value!.site;
  const loaded = useLoad(`slotting ${id}`, (signal) => get<Proposals>('/v1/slotting', { site: id }, signal));
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Classes and bins
        </h1>
        <p class="page-note">
          <a href={href({ view: 'products', part: undefined, query: {} })}>All products</a>. What came to 80 % of the
          lines picked in four weeks is A, the next 15 % B, the rest C.
        </p>
      </header>
      <When loaded={loaded}>{(value) => <Both proposals={value} onDone={loaded.reload} />}</When>
    </section>
  );
}

interface Props {
  readonly proposals: Proposals;
  readonly onDone: () => void;
}

function Both({ proposals: { lines, skus, moves }, onDone }: Props) {
  const others = skus.filter((one) => one.class !== one.velocity && (one.lines > 0 || one.velocity !== null));
  if (lines === 0)
    return (
      <Empty icon="products" title="Nothing was picked yet">
        Classes come of what is picked: look again after some days of work.
      </Empty>
    );
  return (
    <>
      <section aria-labelledby="moves">
        <h2 id="moves">Had better lie elsewhere</h2>
        {moves.length === 0 && <p>Everything that is picked often lies where it may.</p>}
        <ul class="cards">
          {moves.map((move) => (
            <Move move={move} onDone={onDone} key={`${move.from} ${move.sku} ${move.lot ?? ''}`} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="classes">
        <h2 id="classes">Are of another class than their product says</h2>
        {others.length === 0 && <p>None.</p>}
        <ul class="cards">
          {others.map((one) => (
            <Class one={one} onDone={onDone} key={one.sku} />
          ))}
        </ul>
      </section>
    </>
  );
}

function Move({ move, onDone }: { readonly move: SlottingMove; readonly onDone: () => void }) {
  const { sku, lot, owner, quantity, from, to, savesM, reason } = move;
  const said = {
    site: site.value!.site,
    sku,
    quantity,
    from,
    to,
    ...(lot === null ? {} : { lot }),
    ...(owner === null ? {} : { owner }),
  };
  const moved = { ...said, reason: 'brought to a bin of its class' };
  const tell = useCommand((key) => post<CommandAnswer>('/v1/movements', moved, key));
  const wanted = { ...said, lot: lot ?? '', reason };
  const ask = useCommand((key) => post<CommandAnswer>('/v1/relocations', wanted, key));
  const isBusy = [tell, ask].some(({ state }) => state.kind === 'sending');
  return (
    <li class="sheet card product-card">
      <p class="card-head">
        <a class="card-kind code" href={href({ view: 'stock', query: { sku } })}>
          {sku}
        </a>
        <span>
          {numberText(quantity)}
          {lot !== null && ` of lot ${lot}`}: <b class="code">{from}</b> to <b class="code">{to}</b>
        </span>
      </p>
      <p class="card-facts">
        <span>{reason}</span>
        {savesM !== null && savesM > 0 && <span>saves {numberText(savesM)} m a day</span>}
      </p>
      <div class="confirm-buttons">
        <button type="button" class="button" disabled={isBusy} onClick={() => void ask.send().then(onDone)}>
          <Icon name="tasks" /> Have it moved
        </button>
        <button type="button" class="button" disabled={isBusy} onClick={() => void tell.send().then(onDone)}>
          <Icon name="tick" /> It lies at {to} now
        </button>
      </div>
      {tell.state.kind === 'failed' && <Failed fault={tell.state.fault} />}
      {ask.state.kind === 'failed' && <Failed fault={ask.state.fault} />}
    </li>
  );
}

/** What a product is answered with and is not said of it. */
const UNSAID: ReadonlySet<string> = new Set(['sku', 'site', 'revision', 'changedAt', 'velocity']);

function Class({ one, onDone }: { readonly one: Proposals['skus'][number]; readonly onDone: () => void }) {
  const { site: id } = site.value!;
  const path = `/v1/products/${encodeURIComponent(one.sku)}`;
  const take = useCommand(async (key) => {
    // A SKU of which nothing is known yet becomes a product by it.
    const known = await get<object>(path, { site: id }).catch((error: unknown) => {
      if (asFault(error).code === 'not-found') return {};
      throw error;
    });
    const said = Object.fromEntries(
      Object.entries(known).filter(([name, value]) => !UNSAID.has(name) && value !== null),
    );
    return put<CommandAnswer>(path, { ...said, site: id, velocity: one.class }, key);
  });
  return (
    <li class="sheet card product-card">
      <p class="card-head">
        <span class="card-kind code">{one.sku}</span>
        <span>{one.name}</span>
      </p>
      <p class="card-facts">
        <span>
          {numberText(one.lines)} lines, {numberText(one.units)} units picked: class <b>{one.class}</b>
        </span>
        <span>{one.velocity === null ? 'its product says none' : `its product says ${one.velocity}`}</span>
      </p>
      <p>
        <button
          type="button"
          class="button"
          disabled={take.state.kind === 'sending'}
          onClick={() => void take.send().then(onDone)}
        >
          <Icon name="tick" /> Make it {one.class}
        </button>
      </p>
      {take.state.kind === 'failed' && <Failed fault={take.state.fault} />}
    </li>
  );
}
