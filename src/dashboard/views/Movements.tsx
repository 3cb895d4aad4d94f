// Movement history, newest first, live on top; each row answers why.
import { route } from '../routing.ts';
import { Icon } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { countText } from '../shared/text.ts';
import { FilterForm } from './movements/FilterForm.tsx';
import { filtersOf } from './movements/filters.ts';
import { MovementTable } from './movements/MovementTable.tsx';
import { useMovements } from './movements/useMovements.ts';

export function Movements() {
  const filters = filtersOf(route.value.query);
  const list = useMovements(filters);
  const { rows } = list;
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Movements
        </h1>
        <p class="page-note">Newest first. A row shows why it was booked.</p>
      </header>
      <FilterForm filters={filters} />
      {list.waiting > 0 && (
        <button type="button" class="waiting" onClick={list.showWaiting}>
          <Icon name="up" /> {countText(list.waiting, 'new movement')}
        </button>
      )}
      {list.fault !== undefined && <Failed fault={list.fault} onRetry={list.reload} />}
      {rows === undefined && list.fault === undefined && <Loading lines={14} />}
      {rows?.length === 0 && (
        <Empty icon="movements" title="No movement fits">
          {Object.keys(filters).length > 0
            ? 'Nothing was booked under these filters; widen or clear them.'
            : 'Nothing has been booked here yet. The first movement appears by itself.'}
        </Empty>
      )}
      {rows !== undefined && rows.length > 0 && <MovementTable rows={rows} label="Movements" />}
      <More {...list} shown={rows?.length ?? 0} what="movement" />
    </section>
  );
}
