// What became of the decisions just made: how many, which movements came of them, what was refused and why.
import type { ApiFault } from '../../api/client.ts';
import type { DecidedOutcome } from '../../api/types.ts';
import { timeZone } from '../../live/sites.ts';
import { whyOf } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { countText, OUTCOME_TEXT, shortId } from '../../shared/text.ts';
import { clockText } from '../../shared/zone.ts';

export interface Result {
  readonly at: number;
  readonly readPoint: string;
  readonly outcome: DecidedOutcome;
  readonly asked: number;
  readonly transactions: readonly string[];
  readonly faults: readonly ApiFault[];
}

const LINKS_MAX = 6;

export const Results = ({ results }: { readonly results: readonly Result[] }) => (
  <div class="results" role="status" aria-label="Decisions just made">
    {results.map((result) => (
      <One result={result} key={result.at} />
    ))}
  </div>
);

function One({ result }: { readonly result: Result }) {
  const { at, readPoint, outcome, asked, transactions, faults } = result;
  const decided = asked - faults.length;
  return (
    <div class={faults.length === 0 ? 'result' : 'result is-bad'}>
      <p>
        <Icon name={faults.length === 0 ? 'tick' : 'discrepancies'} />
        {clockText(at, timeZone.value)} {readPoint}: <b>{countText(decided, 'tag')}</b> decided as{' '}
        <b>{OUTCOME_TEXT[outcome]}</b>, {transactions.length === 0 ? 'no' : countText(transactions.length, 'movement')}
        {transactions.length === 0 ? ' movement' : ''} posted.
      </p>
      {transactions.length > 0 && (
        <p class="result-links">
          {transactions.slice(0, LINKS_MAX).map((id) => (
            <a href={whyOf(id)} class="code" key={id}>
              {shortId(id)}
            </a>
          ))}
          {transactions.length > LINKS_MAX && <span>and {transactions.length - LINKS_MAX} more</span>}
        </p>
      )}
      {[...new Set(faults.map(({ message }) => message))].map((message) => (
        <p key={message}>Refused: {message}</p>
      ))}
    </div>
  );
}
