// The scores of a decision as bets, with a bar to either side of even.
import { numberText } from '../../shared/text.ts';
import { oddsText, scoresOf } from './words.ts';

/** e^14 is a million to one: a longer bar would say nothing more. */
const FULL = 14;

export function Scores({ scores }: { readonly scores: Readonly<Record<string, unknown>> }) {
  const told = scoresOf(scores);
  if (told.length === 0) return null;
  return (
    <table class="ledger scores" aria-label="Scores">
      <thead>
        <tr>
          <th scope="col">What speaks</th>
          <th scope="col">
            <span class="off-screen">Bar</span>
          </th>
          <th scope="col" class="number">
            Odds
          </th>
          <th scope="col" class="number">
            ln
          </th>
        </tr>
      </thead>
      <tbody>
        {told.map(({ name, value, means }) => (
          <tr key={name}>
            <th scope="row">{means}</th>
            <td>
              <Bar value={value} />
            </td>
            <td class="number">{oddsText(value)}</td>
            <td class="number">{numberText(Math.round(value * 100) / 100)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Bar({ value }: { readonly value: number }) {
  const length = Math.min(1, Math.abs(value) / FULL) * 40;
  return (
    <svg class="score-bar" viewBox="0 0 80 10" aria-hidden="true">
      <path class="plot-axis" d="M40 0v10" />
      <rect
        class={value < 0 ? 'bar-against' : 'bar-for'}
        x={value < 0 ? 40 - length : 40}
        y="2.5"
        width={length}
        height="5"
      />
    </svg>
  );
}
