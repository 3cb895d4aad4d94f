// The stock of a site as one ledger page: places with their sums, their lines below them, the sum of all at the foot.
import { useSignal } from '@preact/signals';
import type { Balance } from '../../api/types.ts';
import { href } from '../../routing.ts';
import { ChangeStatus } from '../../shared/ChangeStatus.tsx';
import { Epc } from '../../shared/Epc.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { countText, numberText, wordsOf } from '../../shared/text.ts';
import { balanceKey, type Place } from './tree.ts';

/** Places with more lines start closed: a large site opens at once. */
const OPEN_LINES_MAX = 40;

interface Columns {
  /** What each line is good for may be said anew: it is of now. */
  readonly mayChange: boolean;
  readonly lot: boolean;
  readonly owner: boolean;
  readonly container: boolean;
}

export function StockTable({ places, isPast }: { readonly places: readonly Place[]; readonly isPast: boolean }) {
  const lines = places.flatMap((place) => allLines(place));
  const columns = {
    mayChange: !isPast,
    lot: lines.some(({ lot }) => lot !== null),
    owner: lines.some(({ owner }) => owner !== null),
    container: lines.some(({ container }) => container !== null),
  };
  const quantity = places.reduce((sum, place) => sum + place.quantity, 0);
  return (
    <table class="ledger stock" aria-label="Stock by location">
      <thead>
        <tr>
          <th scope="col">Location, SKU</th>
          <th scope="col">Status</th>
          {columns.lot && <th scope="col">Lot</th>}
          {columns.owner && <th scope="col">Owner</th>}
          {columns.container && <th scope="col">Container</th>}
          <th scope="col" class="number">
            Quantity
          </th>
        </tr>
      </thead>
      {places.map((place) => (
        <PlaceRows place={place} depth={0} columns={columns} key={place.id} />
      ))}
      <tfoot>
        <tr class="total">
          <th scope="row" colSpan={width(columns) - 1}>
            {countText(lines.length, 'line')}, {countText(new Set(lines.map(({ sku }) => sku)).size, 'SKU')}
          </th>
          <td class="number">{numberText(quantity)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

const allLines = (place: Place): readonly Balance[] => [
  ...place.lines,
  ...place.places.flatMap((inner) => allLines(inner)),
];

const width = ({ lot, owner, container }: Omit<Columns, 'mayChange'>): number =>
  3 + Number(lot) + Number(owner) + Number(container);

function PlaceRows({ place, depth, columns }: { place: Place; depth: number; columns: Columns }) {
  const isOpen = useSignal(place.lineCount <= OPEN_LINES_MAX || depth > 0);
  return (
    <>
      <tbody class={`depth-${Math.min(depth, 4)}`}>
        <tr class="place">
          <th scope="rowgroup" colSpan={width(columns) - 1}>
            <button
              type="button"
              class="toggle"
              aria-expanded={isOpen.value}
              onClick={() => (isOpen.value = !isOpen.value)}
            >
              <Icon name="down" />
              <span class="code">{place.id}</span>
            </button>
            <span class="place-kind">
              {wordsOf(place.kind)} · {countText(place.lineCount, 'line')}
            </span>
            {place.hasNegative && !isOpen.value && <Negative />}
          </th>
          <td class="number">{numberText(place.quantity)}</td>
        </tr>
        {isOpen.value && place.lines.map((line) => <Line line={line} columns={columns} key={balanceKey(line)} />)}
      </tbody>
      {isOpen.value &&
        place.places.map((inner) => <PlaceRows place={inner} depth={depth + 1} columns={columns} key={inner.id} />)}
    </>
  );
}

function Line({ line, columns }: { readonly line: Balance; readonly columns: Columns }) {
  const isNegative = line.quantity < 0;
  const isOpen = useSignal(false);
  const cells = (
    <tr class={isNegative ? 'line is-negative' : 'line'}>
      <th scope="row">
        <a class="code" href={href({ view: 'movements', query: { sku: line.sku, location: line.location } })}>
          {line.sku}
        </a>
      </th>
      <td>
        {line.status === null ? (
          <span class="none">no status</span>
        ) : columns.mayChange && line.container === null && !isNegative ? (
          <button
            type="button"
            class="status status-change"
            aria-label={`${line.status}: hold or release ${line.sku} at ${line.location}`}
            aria-expanded={isOpen.value}
            onClick={() => (isOpen.value = !isOpen.value)}
          >
            {line.status}
          </button>
        ) : (
          <span class="status">{line.status}</span>
        )}
      </td>
      {columns.lot && <td class="code">{line.lot}</td>}
      {columns.owner && <td>{line.owner}</td>}
      {columns.container && <td>{line.container !== null && <Epc epc={line.container} />}</td>}
      <td class="number">
        {isNegative && <Negative />}
        {numberText(line.quantity)}
      </td>
    </tr>
  );
  if (!isOpen.value) return cells;
  return (
    <>
      {cells}
      <tr class="line-form">
        <td colSpan={width(columns)}>
          <ChangeStatus of={line} status={line.status!} onClose={() => (isOpen.value = false)} />
        </td>
      </tr>
    </>
  );
}

const Negative = () => (
  <span class="mark mark-bad" title="More was taken than the books had: count it">
    <Icon name="discrepancies" /> below zero
  </span>
);
