// The filters of the movement list. They live in the address, so a filtered list can be sent to a colleague.
import { MOVEMENT_TYPES } from '../../api/types.ts';
import { site, timeZone } from '../../live/sites.ts';
import { go, withQuery } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { useKept } from '../../shared/useKept.ts';
import { WORLD } from '../../shared/text.ts';
import { fromLocal, localText, timeOf } from '../../shared/zone.ts';
import { nested } from '../stock/tree.ts';
import { FILTERS, type Filters } from './filters.ts';

export function FilterForm({ filters }: { readonly filters: Filters }) {
  const plan = site.value!;
  const count = Object.keys(filters).length;
  const set = (name: keyof Filters, value: string): void => go(withQuery({ [name]: value.trim() || undefined }));
  return (
    <details class="filters" open={count > 0 || innerWidth >= 900}>
      <summary>
        <Icon name="filter" /> Filters{count > 0 && <span class="nav-count">{count}</span>}
      </summary>
      <form class="filter-fields" onSubmit={(submitted) => submitted.preventDefault()}>
        <Field label="EPC" name="epc" filters={filters} set={set} />
        <Field label="SKU" name="sku" filters={filters} set={set} />
        <Choice label="Location" name="location" filters={filters} set={set}>
          {[
            ...nested(plan.locations).map(({ id, depth }) => [id, `${'\u2003'.repeat(depth)}${id}`] as const),
            [WORLD, 'world, outside the site'] as const,
          ]}
        </Choice>
        <Choice label="Type" name="type" filters={filters} set={set}>
          {MOVEMENT_TYPES.map((type) => [type, type] as const)}
        </Choice>
        <Choice label="Seen by" name="readPoint" filters={filters} set={set}>
          {plan.readPoints.map(({ id }) => [id, id] as const)}
        </Choice>
        <Moment label="From" name="from" filters={filters} set={set} />
        <Moment label="Before" name="to" filters={filters} set={set} />
        <label class="check">
          <input
            type="checkbox"
            checked={filters.effective !== undefined}
            onChange={({ currentTarget }) => set('effective', currentTarget.checked ? 'true' : '')}
          />
          Only what is in force
        </label>
        {count > 0 && (
          <button type="button" class="button" onClick={() => go(withQuery(NONE))}>
            <Icon name="cross" /> Clear
          </button>
        )}
      </form>
    </details>
  );
}

const NONE = Object.fromEntries(FILTERS.map((name) => [name, undefined]));

interface FieldProps {
  readonly label: string;
  readonly name: keyof Filters;
  readonly filters: Filters;
  readonly set: (name: keyof Filters, value: string) => void;
}

const Field = ({ label, name, filters, set }: FieldProps) => (
  <label class="field">
    <span>{label}</span>
    <input
      class="code"
      ref={useKept(filters[name] ?? '')}
      onChange={({ currentTarget }) => set(name, currentTarget.value)}
      autocomplete="off"
      spellcheck={false}
    />
  </label>
);

type Options = readonly (readonly [value: string, text: string])[];

const Choice = ({ label, name, filters, set, children }: FieldProps & { readonly children: Options }) => (
  <label class="field">
    <span>{label}</span>
    <select value={filters[name] ?? ''} onChange={({ currentTarget }) => set(name, currentTarget.value)}>
      <option value="">any</option>
      {children.map(([value, text]) => (
        <option value={value} key={value}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

/** In the zone of the site; in the address it is UTC. */
const Moment = ({ label, name, filters, set }: FieldProps) => {
  const at = filters[name] === undefined ? Number.NaN : timeOf(filters[name]);
  const take = (text: string): void => {
    const chosen = fromLocal(text, timeZone.value);
    set(name, chosen === undefined ? '' : new Date(chosen).toISOString());
  };
  return (
    <label class="field field-moment">
      <span>{label}</span>
      <input
        type="datetime-local"
        ref={useKept(Number.isNaN(at) ? '' : localText(at, timeZone.value))}
        onChange={({ currentTarget }) => take(currentTarget.value)}
      />
    </label>
  );
};
