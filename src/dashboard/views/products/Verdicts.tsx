// What became of a file: the sums, and every row that is not taken with what is wrong with it.
import type { ImportAnswer } from '../../api/goods.ts';
import { Icon } from '../../shared/Icon.tsx';
import { countText, numberText, wordsOf } from '../../shared/text.ts';

/** Rows shown at once: who has more wrong ones mends the file by these first. */
const SHOWN_MAX = 500;

export function Verdicts({ of }: { readonly of: ImportAnswer }) {
  const faults = of.verdicts.flatMap(({ line, faults: all = [] }) => all.map((fault) => ({ line, ...fault })));
  return (
    <div class="import-verdicts">
      <p class="import-sums" role="status">
        <span class="mark order-shipped">
          <Icon name="tick" /> {countText(of.taken, 'row')} {of.dryRun ? 'would be taken' : 'taken'}
        </span>
        {of.refused > 0 && <span class="mark mark-bad">{countText(of.refused, 'row')} not taken</span>}
        {!of.dryRun && summaryOf(of).map((text) => <span key={text}>{text}</span>)}
      </p>
      {faults.length > 0 && (
        <table class="ledger import-faults" aria-label="Rows that are not taken">
          <thead>
            <tr>
              <th scope="col" class="number">
                Line
              </th>
              <th scope="col">Column</th>
              <th scope="col">What is wrong</th>
            </tr>
          </thead>
          <tbody>
            {faults.slice(0, SHOWN_MAX).map(({ line, field, code, message }, index) => (
              <tr class="line" key={index}>
                <th scope="row" class="number">
                  {numberText(line)}
                </th>
                <td class="code">{field === '' ? 'whole row' : field}</td>
                <td>
                  {message} <span class="account-more">{wordsOf(code)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {faults.length > SHOWN_MAX && <p class="page-note">And {numberText(faults.length - SHOWN_MAX)} more.</p>}
    </div>
  );
}

/** "12 replaced", "960 unchanged" */
function summaryOf({ verdicts }: ImportAnswer): string[] {
  const counts = new Map<string, number>();
  for (const { verdict } of verdicts) if (verdict !== 'refused') counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts].map(([verdict, count]) => `${numberText(count)} ${verdict}`);
}
