// The ledger as it is written: what moved together is one line.
import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { isFresh, recentFault, recentMovements } from '../../live/movements.ts';
import { href, whyOf } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Empty, Failed, Loading } from '../../shared/states.tsx';
import { countText, numberText, shortEpc } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useHold } from '../../shared/useHold.ts';
import { timeOf } from '../../shared/zone.ts';
import { groupMovements, type MovementGroup } from './groups.ts';

const LINES = 16;

export function Ticker() {
  const { isHeld, holding } = useHold();
  const present = useComputed(() =>
    recentMovements.value === undefined ? undefined : groupMovements(recentMovements.value, LINES),
  );
  const shown = useRef<readonly MovementGroup[] | undefined>(undefined);
  if (!isHeld || shown.current === undefined) shown.current = present.value;
  const groups = shown.current;
  const fault = recentFault.value;
  return (
    <section class="sheet ticker" aria-labelledby="ticker">
      <header class="sheet-head">
        <h2 id="ticker">Movements</h2>
        <span class="ticker-held">{isHeld ? 'held while you are in it' : ''}</span>
        <a href={href({ view: 'movements', query: {} })}>
          All <Icon name="arrow" />
        </a>
      </header>
      {fault !== undefined && <Failed fault={fault} />}
      {groups === undefined && fault === undefined && <Loading lines={12} />}
      {groups?.length === 0 && (
        <Empty icon="movements" title="Nothing has moved yet">
          The first movement appears here by itself.
        </Empty>
      )}
      {groups !== undefined && (
        <ol class="ticker-lines" {...holding}>
          {groups.map((group) => (
            <Line group={group} key={group.key} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Line({ group }: { readonly group: MovementGroup }) {
  const { first, movements, skus, quantity } = group;
  const what =
    movements === 1 ? (first.epc === null ? (first.sku ?? '') : shortEpc(first.epc)) : countText(movements, 'tag');
  return (
    <li class={`ticker-line${isFresh(first) ? ' is-fresh' : ''}${first.supersedes === null ? '' : ' is-undoing'}`}>
      <a href={linkOf(group)}>
        <Time at={first.happenedAt} />
        <span class="type">{first.supersedes === null ? first.type : `undo ${first.type}`}</span>
        <span class="route">
          <span>{first.from}</span>
          <Icon name="arrow" />
          <span>{first.to}</span>
        </span>
        <span class="ticker-what">
          {what}
          {skus > 1 && ` of ${countText(skus, 'SKU')}`}
          {movements === 1 && first.sku !== null && first.epc !== null && ` · ${first.sku}`}
          {first.readPoint !== null && ` · ${first.readPoint}`}
        </span>
        <span class="number">{quantity === undefined ? '–' : numberText(quantity)}</span>
      </a>
    </li>
  );
}

function linkOf({ first, movements, since }: MovementGroup): string {
  if (movements === 1) return whyOf(first.id);
  const to = new Date(timeOf(first.happenedAt) + 1).toISOString();
  const readPoint = first.readPoint ?? undefined;
  return href({ view: 'movements', query: { type: first.type, readPoint, from: since, to } });
}
