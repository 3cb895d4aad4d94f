// Passages as a ledger page. A row opens the reads that were weighed; its time is the link, for the keyboard and new tabs.
import type { PassageJson } from '../api/types.ts';
import { go, route, whyPassage, withQuery } from '../routing.ts';
import { Epc } from './Epc.tsx';
import { asOutcome, Outcome } from './Outcome.tsx';
import { OUTCOME_TEXT, sureText } from './text.ts';
import { Time } from './Time.tsx';

interface Props {
  readonly passages: readonly PassageJson[];
  readonly label: string;
  /** On the page of an item its EPC is known. */
  readonly withoutEpc?: boolean;
}

export const PassageTable = ({ passages, label, withoutEpc = false }: Props) => (
  <table class="ledger passages" aria-label={label}>
    <thead>
      <tr>
        <th scope="col">Last read</th>
        <th scope="col">Outcome</th>
        <th scope="col">Door</th>
        {!withoutEpc && <th scope="col">EPC</th>}
        <th scope="col">SKU</th>
        <th scope="col">Most likely</th>
        <th scope="col" class="number">
          Certainty
        </th>
        <th scope="col">Decided by</th>
      </tr>
    </thead>
    <tbody>
      {passages.map((passage) => (
        <Row passage={passage} withoutEpc={withoutEpc} key={passage.id} />
      ))}
    </tbody>
  </table>
);

function Row({ passage, withoutEpc }: { readonly passage: PassageJson; readonly withoutEpc: boolean }) {
  const { id, lastAt, outcome, readPoint, epc, sku, leading, probability, decidedBy } = passage;
  const ask = ({ target }: MouseEvent): void => {
    // Links and buttons in the row mean themselves; so does text that is being selected.
    if ((target as Element).closest('a, button') !== null || getSelection()?.isCollapsed === false) return;
    go(withQuery({ why: undefined, passage: id }));
  };
  return (
    <tr class={route.value.query['passage'] === id ? 'row is-asked' : 'row'} onClick={ask}>
      <td class="cell-time">
        <a href={whyPassage(id)}>
          <Time at={lastAt} ago />
          <span class="off-screen">: evidence of the passage</span>
        </a>
      </td>
      <td class="cell-outcome">
        <Outcome outcome={outcome} />
      </td>
      <td class="cell-door code">{readPoint}</td>
      {!withoutEpc && (
        <td class="cell-epc">
          <Epc epc={epc} />
        </td>
      )}
      <td class="cell-sku code">{sku ?? <span class="none">unknown</span>}</td>
      <td class="cell-likely">{outcome === 'undecided' ? OUTCOME_TEXT[asOutcome(leading)] : ''}</td>
      <td class="number cell-sure">{decidedBy === null ? sureText(probability) : ''}</td>
      <td class="cell-by">{decidedBy ?? 'reads alone'}</td>
    </tr>
  );
}
