// What every portal saw: all outcomes, newest first, by door and outcome. Each row shows the reads that were weighed.
import { OUTCOMES, type PassageJson } from '../api/types.ts';
import { site } from '../live/sites.ts';
import { go, route, withQuery } from '../routing.ts';
import { Icon } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { PassageTable } from '../shared/PassageTable.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { OUTCOME_TEXT } from '../shared/text.ts';
import { usePages } from '../shared/usePages.ts';

const EVERY_MS = 5000;

export function Passages() {
  const plan = site.value!;
  const { readPoint, outcome } = route.value.query;
  const list = usePages<PassageJson>('/v1/passages', { site: plan.site, readPoint, outcome }, EVERY_MS);
  const { items, fault, reload } = list;
  const isFiltered = readPoint !== undefined || outcome !== undefined;
  const doors = plan.readPoints.filter(({ kind }) => kind === 'portal').map(({ id }) => [id, id] as const);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Passages
        </h1>
        <p class="page-note">What every door saw, also what moved nothing. A row shows the reads that were weighed.</p>
      </header>
      <form class="filter-fields" onSubmit={(submitted) => submitted.preventDefault()}>
        <Choice label="Door" name="readPoint" present={readPoint} choices={doors} />
        <Choice
          label="Outcome"
          name="outcome"
          present={outcome}
          choices={OUTCOMES.map((name) => [name, OUTCOME_TEXT[name]] as const)}
        />
        {isFiltered && (
          <button
            type="button"
            class="button"
            onClick={() => go(withQuery({ readPoint: undefined, outcome: undefined }))}
          >
            <Icon name="cross" /> Clear
          </button>
        )}
      </form>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={14} />}
      {items?.length === 0 && (
        <Empty icon="passages" title="No passage fits">
          {isFiltered ? 'Nothing under these filters; widen or clear them.' : 'The first passage appears by itself.'}
        </Empty>
      )}
      {items !== undefined && items.length > 0 && <PassageTable passages={items} label="Passages" />}
      <More {...list} shown={items?.length ?? 0} what="passage" />
    </section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly present: string | undefined;
  readonly choices: readonly (readonly [value: string, text: string])[];
}

const Choice = ({ label, name, present, choices }: ChoiceProps) => (
  <label class="field">
    <span>{label}</span>
    <select
      value={present ?? ''}
      onChange={({ currentTarget }) => go(withQuery({ [name]: currentTarget.value || undefined }))}
    >
      <option value="">any</option>
      {choices.map(([value, text]) => (
        <option value={value} key={value}>
          {text}
        </option>
      ))}
    </select>
  </label>
);
