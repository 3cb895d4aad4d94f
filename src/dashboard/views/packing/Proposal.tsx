// Which cartons what is left of an order fits into, in three dimensions, and what fits into none. Nothing where the site file has no cartons.
import { useEffect } from 'preact/hooks';
import { get } from '../../api/client.ts';
import type { Proposal as Proposed } from '../../api/work.ts';
import { onLive } from '../../live/stream.ts';
import { Icon } from '../../shared/Icon.tsx';
import { numberText, percentText } from '../../shared/text.ts';
import { useLoad } from '../../shared/useLoad.ts';

const REASON: Readonly<Record<Proposed['loose'][number]['reason'], string>> = {
  'no-carton-types': 'the site has no cartons',
  'no-size': 'its size is not known',
  'not-whole': 'no whole number of units',
  'too-big': 'no carton is large enough',
  'too-heavy': 'no carton may weigh so much',
  'too-many': 'too many for cartons: use pallets',
};

interface Props {
  readonly site: string;
  readonly order: string;
  readonly title: string;
  /** What is done with a type that somebody chooses. */
  readonly onTake?: (type: string) => void;
}

export function Proposal({ site, order, title, onTake }: Props) {
  const path = `/v1/orders/${encodeURIComponent(order)}/proposal`;
  const { value, reload } = useLoad(`${site} ${order} proposal`, (signal) => get<Proposed>(path, { site }, signal));
  useEffect(
    () => onLive((live) => (live.order.some(({ id }) => id === order) || live.carton.length > 0) && reload()),
    [order, reload],
  );
  if (value === undefined) return null;
  const loose = value.loose.filter(({ reason }) => reason !== 'no-carton-types');
  if (value.cartons.length + loose.length === 0) return null;
  return (
    <section class="sheet packing-list proposal" aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {alike(value.cartons).map(({ carton, count }, index) => (
          <li key={index}>
            <span class="proposal-type">
              {count > 1 && `${numberText(count)} × `}
              <b class="code">{carton.type}</b>
            </span>
            <span>
              {carton.contents.map(({ line, sku, quantity }, part) => (
                <span key={line}>
                  {part > 0 && ', '}
                  <b>{numberText(quantity)}</b> of <span class="code">{sku}</span>
                </span>
              ))}
            </span>
            <span class="account-more">
              {numberText(carton.length)} × {numberText(carton.width)} × {numberText(carton.height)} mm,{' '}
              {percentText(carton.fill)} full
              {carton.weight !== null && `, ${numberText(Math.round(carton.weight / 10) / 100)} kg`}
            </span>
            {onTake !== undefined && index === 0 && (
              <button type="button" class="button" onClick={() => onTake(carton.type)}>
                <Icon name="packing" /> Open a {carton.type}
              </button>
            )}
          </li>
        ))}
        {loose.map(({ line, sku, quantity, reason }) => (
          <li key={line}>
            <span class="proposal-type packing-missing">loose</span>
            <span>
              <b>{numberText(quantity)}</b> of <span class="code">{sku}</span>
            </span>
            <span class="packing-missing">{REASON[reason]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Carton = Proposed['cartons'][number];

/** Those with the same in them are one line. */
function alike(cartons: readonly Carton[]): { readonly carton: Carton; readonly count: number }[] {
  const found = new Map<string, { carton: Carton; count: number }>();
  for (const carton of cartons) {
    const key = JSON.stringify([carton.type, carton.contents]);
    const before = found.get(key);
    if (before === undefined) found.set(key, { carton, count: 1 });
    else before.count++;
  }
  return [...found.values()];
}
