// What lies where: locations as they nest, with their lines and sums, now or as of any past instant.
import { useMemo, useRef } from 'preact/hooks';
import { site, timeZone } from '../live/sites.ts';
import { now } from '../live/clock.ts';
import { go, route, withQuery } from '../routing.ts';
import { Icon } from '../shared/Icon.tsx';
import { useKept } from '../shared/useKept.ts';
import { Empty, When } from '../shared/states.tsx';
import { dayStart, fromLocal, localText, stampText, timeOf } from '../shared/zone.ts';
import { within } from './movements/filters.ts';
import { StockTable } from './stock/StockTable.tsx';
import { nested, placesOf } from './stock/tree.ts';
import { useStock } from './stock/useStock.ts';

export function Stock() {
  const plan = site.value!;
  const { sku = '', location, at } = route.value.query;
  const isLarge = useRef(false);
  // All of a small site is here, so any part of a SKU finds it; of a large one the API must, by the whole SKU.
  const asked = { location, at, sku: isLarge.current && sku !== '' ? sku : undefined };
  const places = useMemo(
    () => (location === undefined ? undefined : within(plan.locations, location)),
    [plan, location],
  );
  const loaded = useStock(
    plan.site,
    asked,
    (balance) =>
      (places === undefined || places.has(balance.location)) && (asked.sku === undefined || balance.sku === asked.sku),
  );
  isLarge.current ||= loaded.value?.isCut === true;
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Stock
        </h1>
        {at !== undefined && (
          <p class="as-of">
            <Icon name="clock" /> As of {stampText(timeOf(at), timeZone.value, now.peek())}, as known now
          </p>
        )}
      </header>
      <StockFilters />
      <When loaded={loaded} lines={14}>
        {({ lines, isCut }) => {
          const shown = sku === '' ? lines : lines.filter((line) => line.sku.toLowerCase().includes(sku.toLowerCase()));
          const tree = placesOf(plan.locations, shown, false);
          if (tree.length === 0) {
            return (
              <Empty icon="stock" title={at === undefined ? 'Nothing in stock' : 'Nothing was in stock then'}>
                {sku === '' && location === undefined
                  ? 'Stock appears with the first receipt or count.'
                  : 'Not under these filters; widen or clear them.'}
              </Empty>
            );
          }
          return (
            <>
              {isCut && (
                <p class="hint">
                  The first {lines.length} lines are shown: choose a location or a whole SKU to see the rest.
                </p>
              )}
              <StockTable places={tree} isPast={at !== undefined} />
            </>
          );
        }}
      </When>
    </section>
  );
}

function StockFilters() {
  const plan = site.value!;
  const { sku = '', location = '', at } = route.value.query;
  const zone = timeZone.value;
  const setAt = (ms: number | undefined): void =>
    go(withQuery({ at: ms === undefined ? undefined : new Date(ms).toISOString() }));
  const isFiltered = sku !== '' || location !== '' || at !== undefined;
  return (
    <form class="filter-fields" onSubmit={(submitted) => submitted.preventDefault()}>
      <label class="field">
        <span>SKU</span>
        <input
          class="code"
          type="search"
          ref={useKept(sku)}
          placeholder="any part of it"
          onInput={({ currentTarget }) => go(withQuery({ sku: currentTarget.value.trim() || undefined }), 'replace')}
          autocomplete="off"
          spellcheck={false}
        />
      </label>
      <label class="field">
        <span>Location</span>
        <select value={location} onChange={({ currentTarget }) => go(withQuery({ location: currentTarget.value }))}>
          <option value="">whole site</option>
          {nested(plan.locations).map(({ id, depth }) => (
            <option value={id} key={id}>
              {'\u2003'.repeat(depth) + id}
            </option>
          ))}
        </select>
      </label>
      <label class="field field-moment">
        <span>As of</span>
        <input
          type="datetime-local"
          ref={useKept(at === undefined ? '' : localText(timeOf(at), zone))}
          onChange={({ currentTarget }) => setAt(fromLocal(currentTarget.value, zone))}
        />
      </label>
      <div class="presets">
        <button type="button" class="button" onClick={() => setAt(now.peek() - 3_600_000)}>
          1 h ago
        </button>
        <button type="button" class="button" onClick={() => setAt(dayStart(now.peek(), zone))}>
          Start of today
        </button>
        <button type="button" class="button" onClick={() => go({ view: 'stock', query: {} })} disabled={!isFiltered}>
          <Icon name="cross" /> Clear
        </button>
      </div>
    </form>
  );
}
