// The lines of a document: expected, received, and what differs, while the truck is still there.
import type { InboundLine } from '../../api/types.ts';
import { href } from '../../routing.ts';
import { numberText } from '../../shared/text.ts';
import { Progress } from './progress.tsx';

export const LineTable = ({ lines }: { readonly lines: readonly InboundLine[] }) => (
  <div class="inbound-lines">
    <table class="ledger" aria-label="Lines">
      <thead>
        <tr>
          <th scope="col">Line</th>
          <th scope="col">SKU</th>
          <th scope="col">Received</th>
          <th scope="col" class="number">
            Short
          </th>
          <th scope="col" class="number">
            Over
          </th>
          <th scope="col" class="number">
            Not listed
          </th>
          <th scope="col" class="number">
            Damaged
          </th>
          <th scope="col" class="number">
            Quality
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line line={line} key={line.line} />
        ))}
      </tbody>
    </table>
  </div>
);

const Line = ({ line }: { readonly line: InboundLine }) => (
  <tr class="line">
    <th scope="row" class="code">
      {line.line}
    </th>
    <td>
      {line.sku === null ? (
        <span class="none">logistic units</span>
      ) : (
        <a class="code" href={href({ view: 'stock', query: { sku: line.sku } })}>
          {line.sku}
        </a>
      )}
      {line.lot !== null && <span class="account-more"> lot {line.lot}</span>}
      {line.expiry !== null && <span class="account-more"> until {line.expiry}</span>}
      {line.order !== null && (
        <span class="account-more">
          {' for '}
          <a href={href({ view: 'inbounds', part: line.order.inbound, query: {} })}>{line.order.inbound}</a>
        </span>
      )}
    </td>
    <td>
      <Progress quantity={line.quantity} received={line.received} />
    </td>
    <Differs name="Short" quantity={line.short} />
    <Differs name="Over" quantity={line.over} />
    <Differs name="Not listed" quantity={line.unlisted} />
    <Differs name="Damaged" quantity={line.damaged} />
    <Differs name="Quality" quantity={line.quality} />
  </tr>
);

/** Nothing where nothing differs: what does stands out. `name` is for a handheld, which has no head of columns. */
const Differs = ({ name, quantity }: { readonly name: string; readonly quantity: number }) => (
  <td class={quantity === 0 ? 'number is-none' : 'number is-different'} data-name={name}>
    {quantity === 0 ? <span class="none">–</span> : numberText(quantity)}
  </td>
);
