// One carton at its bench: a scan box that a handheld scanner fills, what is in, what is missing, what does not belong, label and slip.
import { urlOf } from '../../api/client.ts';
import type { Carton } from '../../api/work.ts';
import { href } from '../../routing.ts';
import { When } from '../../shared/states.tsx';
import { useOne } from '../../shared/useOne.ts';
import { numberText } from '../../shared/text.ts';
import { Acts } from './Acts.tsx';
import { CartonState, sumOf } from './carton.tsx';
import { Parcel } from './Parcel.tsx';
import { Proposal } from './Proposal.tsx';
import { ScanBox } from './ScanBox.tsx';

export function OneCarton({ id }: { readonly id: string }) {
  const { loaded, told } = useOne('carton', '/v1/cartons', id);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Carton <span class="code">{id}</span>
        </h1>
        <p class="page-note">
          <a href={href({ view: 'packing', part: undefined, query: {} })}>All cartons</a>
        </p>
      </header>
      <When loaded={loaded}>{(value) => <Bench carton={told ?? value} onDone={loaded.reload} />}</When>
    </section>
  );
}

interface Props {
  readonly carton: Carton;
  readonly onDone: () => void;
}

const Bench = ({ carton, onDone }: Props) => (
  <>
    <div class="sheet packing-head">
      <p class="inbound-title">
        <CartonState carton={carton} />
        <span>
          For{' '}
          <a class="code" href={href({ view: 'orders', part: carton.order, query: {} })}>
            {carton.order}
          </a>{' '}
          at <span class="code">{carton.bench}</span>
          {carton.type !== null && (
            <>
              , a <span class="code">{carton.type}</span>
            </>
          )}
        </span>
      </p>
      <p class="packing-prints">
        <Print carton={carton} what="label" />
        <Print carton={carton} what="slip" />
      </p>
    </div>
    {carton.state === 'open' && <ScanBox carton={carton} onDone={onDone} />}
    {carton.wrong.length > 0 && (
      <div class="sheet packing-wrong" role="alert">
        <p>
          <b>Does not belong to this order:</b> take it out.
        </p>
        <ul>
          {carton.wrong.map(({ epc, sku }) => (
            <li key={epc}>
              <span class="code">{epc}</span> of <span class="code">{sku}</span>
            </li>
          ))}
        </ul>
      </div>
    )}
    <div class="packing-columns">
      <Missing carton={carton} />
      <Contents carton={carton} />
    </div>
    {carton.state === 'open' && <Proposal site={carton.site} order={carton.order} title="What is left fits into" />}
    <Parcel carton={carton} onDone={onDone} />
    {/* What was refused of it as it was is not said of it as it is. */}
    <Acts key={`${carton.state} ${sumOf(carton.missing)} ${carton.wrong.length}`} carton={carton} onDone={onDone} />
  </>
);

function Print({ carton, what }: { readonly carton: Carton; readonly what: 'label' | 'slip' }) {
  const path = `/v1/cartons/${carton.id}/${what}`;
  return (
    <>
      <a class="button" href={urlOf(path, { site: carton.site, format: 'pdf' })} target="_blank" rel="noreferrer">
        {what === 'label' ? 'Label' : 'Packing slip'}
      </a>
      <a
        href={urlOf(path, { site: carton.site, format: 'zpl' })}
        download
        aria-label={`${what === 'label' ? 'Label' : 'Packing slip'} as ZPL`}
      >
        ZPL
      </a>
    </>
  );
}

const Missing = ({ carton: { missing, state } }: { readonly carton: Carton }) => (
  <section class="sheet packing-list" aria-label="Missing">
    <h2>Missing</h2>
    {state === 'cancelled' || missing.length === 0 ? (
      <p>{state === 'cancelled' ? 'It was given up.' : 'Nothing: the order is in its cartons.'}</p>
    ) : (
      <ul>
        {missing.map(({ line, sku, lot, quantity, picked }) => (
          <li key={line}>
            <b>{numberText(quantity)}</b> of <span class="code">{sku}</span>
            {lot !== null && ` lot ${lot}`}
            {picked < quantity && <span class="packing-missing"> {numberText(quantity - picked)} not picked yet</span>}
          </li>
        ))}
      </ul>
    )}
  </section>
);

const Contents = ({ carton: { contents, seen } }: { readonly carton: Carton }) => (
  <section class="sheet packing-list" aria-label="In it">
    <h2>In it</h2>
    {contents.length + seen.length === 0 && <p>Nothing yet.</p>}
    <ul>
      {contents.map(({ line, sku, lot, quantity, epcs }) => (
        <li key={`${line} ${lot}`}>
          <b>{numberText(quantity)}</b> of <span class="code">{sku}</span>
          {lot !== null && ` lot ${lot}`}
          {epcs.length > 0 && ', each with its tag'}
        </li>
      ))}
      {seen.map(({ epc, sku }) => (
        <li key={epc}>
          <b>1</b> of <span class="code">{sku}</span>, heard by the antenna
        </li>
      ))}
    </ul>
  </section>
);
