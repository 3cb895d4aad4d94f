// Undecided tags, as one line or as a table to choose from.
import type { PassageJson } from '../../api/types.ts';
import { route, whyPassage } from '../../routing.ts';
import { Epc } from '../../shared/Epc.tsx';
import { asOutcome, Outcome } from '../../shared/Outcome.tsx';
import { sureText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';

export const Undecided = ({ passage }: { readonly passage: PassageJson }) => (
  <p class="undecided">
    <Epc epc={passage.epc} />
    <span class="code">{passage.sku ?? <span class="none">unknown SKU</span>}</span>
    <span class="undecided-likely">
      <Outcome outcome={asOutcome(passage.leading)} /> <Sure probability={passage.probability} />
    </span>
    <Span passage={passage} />
  </p>
);

interface TableProps {
  readonly passages: readonly PassageJson[];
  /** Not chosen. */
  readonly left: ReadonlySet<string>;
  readonly onChoose: (ids: readonly string[], isChosen: boolean) => void;
}

export const UndecidedTable = ({ passages, left, onChoose }: TableProps) => (
  <table class="ledger review" aria-label={`Undecided at ${passages[0]!.readPoint}`}>
    <thead>
      <tr>
        <th scope="col" class="cell-check">
          <input
            type="checkbox"
            aria-label="Choose all"
            checked={passages.every(({ id }) => !left.has(id))}
            onChange={({ currentTarget }) =>
              onChoose(
                passages.map(({ id }) => id),
                currentTarget.checked,
              )
            }
          />
        </th>
        <th scope="col">EPC</th>
        <th scope="col">SKU</th>
        <th scope="col">Most likely</th>
        <th scope="col" class="number">
          Certainty
        </th>
        <th scope="col">Read</th>
      </tr>
    </thead>
    <tbody>
      {passages.map((passage) => (
        <tr key={passage.id} class={route.value.query['passage'] === passage.id ? 'is-asked' : undefined}>
          <td class="cell-check">
            <input
              type="checkbox"
              aria-label={`Choose ${passage.epc}`}
              checked={!left.has(passage.id)}
              onChange={({ currentTarget }) => onChoose([passage.id], currentTarget.checked)}
            />
          </td>
          <td class="cell-epc">
            <Epc epc={passage.epc} />
          </td>
          <td class="cell-sku code">{passage.sku ?? <span class="none">unknown</span>}</td>
          <td class="cell-likely">
            <Outcome outcome={asOutcome(passage.leading)} />
          </td>
          <td class="number cell-sure">
            <Sure probability={passage.probability} />
          </td>
          <td class="cell-read">
            <Span passage={passage} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Sure = ({ probability }: { readonly probability: number }) => (
  <>
    <meter class="meter" min={0} max={1} value={probability} aria-hidden="true" />
    {sureText(probability)}
  </>
);

const Span = ({ passage: { id, epc, firstAt, lastAt } }: { readonly passage: PassageJson }) => (
  <span class="undecided-read">
    <span class="none">
      <Time at={firstAt} /> to <Time at={lastAt} />
    </span>
    <a href={whyPassage(id)}>
      Why?<span class="off-screen"> The reads of {epc}</span>
    </a>
  </span>
);
