// Movements as a ledger page. A row opens its evidence; its time is the link, for the keyboard and for new tabs.
import type { MovementJson } from '../../api/types.ts';
import { isFresh } from '../../live/movements.ts';
import { go, href, route, whyOf, withQuery } from '../../routing.ts';
import { Epc } from '../../shared/Epc.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { certaintyText, numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';

interface Props {
  readonly rows: readonly MovementJson[];
  readonly label: string;
  /** On the page of an item its EPC is known. */
  readonly withoutEpc?: boolean;
}

export const MovementTable = ({ rows, label, withoutEpc = false }: Props) => (
  <table class="ledger movements" aria-label={label}>
    <thead>
      <tr>
        <th scope="col">Time</th>
        <th scope="col">Type</th>
        <th scope="col">From → to</th>
        {!withoutEpc && <th scope="col">EPC</th>}
        <th scope="col">SKU</th>
        <th scope="col" class="number">
          Quantity
        </th>
        <th scope="col" class="number cell-sure">
          Certainty
        </th>
        <th scope="col" class="cell-source">
          Seen by
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map((movement) => (
        <Row movement={movement} withoutEpc={withoutEpc} key={movement.id} />
      ))}
    </tbody>
  </table>
);

function Row({ movement, withoutEpc }: { readonly movement: MovementJson; readonly withoutEpc: boolean }) {
  const { id, type, from, to, epc, sku, quantity, confidence, source, readPoint, supersedes } = movement;
  const isAsked = route.value.query['why'] === id;
  const ask = ({ target }: MouseEvent): void => {
    // Links and buttons in the row mean themselves; so does text that is being selected.
    if ((target as Element).closest('a, button') !== null || getSelection()?.isCollapsed === false) return;
    go(withQuery({ why: id }));
  };
  return (
    <tr
      class={`row${isFresh(movement) ? ' is-fresh' : ''}${isAsked ? ' is-asked' : ''}${supersedes === null ? '' : ' is-undoing'}`}
      onClick={ask}
    >
      <td class="cell-time">
        <a href={whyOf(id)}>
          <Time at={movement.happenedAt} ago />
          <span class="off-screen">: evidence of the {type}</span>
        </a>
      </td>
      <td class="cell-type">
        <span class="type">{type}</span>
        {supersedes !== null && <span class="mark">undoes</span>}
      </td>
      <td class="cell-route">
        <span class="route">
          <span class="code">{from}</span>
          <Icon name="arrow" />
          <span class="code">{to}</span>
        </span>
      </td>
      {!withoutEpc && (
        <td class="cell-epc">{epc === null ? <span class="none">no serial</span> : <Epc epc={epc} />}</td>
      )}
      <td class="cell-sku">
        {sku === null ? (
          <span class="none">unknown</span>
        ) : (
          <a class="code" href={href({ view: 'stock', query: { sku } })}>
            {sku}
          </a>
        )}
      </td>
      <td class="number cell-quantity">{quantity === null ? <span class="none">–</span> : numberText(quantity)}</td>
      <td class="number cell-sure">{certaintyText(confidence, source)}</td>
      <td class="cell-source">{readPoint ?? source}</td>
    </tr>
  );
}
