// Why, in the words and numbers that the service gives: what each side heard, which outcomes were weighed, what would have changed it.
import type { WhyJson } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { asOutcome } from '../../shared/Outcome.tsx';
import { numberText, OUTCOME_TEXT, sureText } from '../../shared/text.ts';
import { clockText, timeOf } from '../../shared/zone.ts';

export function Because({ why }: { readonly why: WhyJson }) {
  const changes = new Set(why.changes.map(({ words }) => words));
  return (
    <section class="because" aria-label="In words">
      {why.words
        .filter((words) => !changes.has(words))
        .map((words) => (
          <p key={words}>{words}</p>
        ))}
      {changes.size > 0 && (
        <>
          <h3>What would have changed it</h3>
          <ul>
            {[...changes].map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </>
      )}
      <Sides why={why} />
      <Outcomes why={why} />
    </section>
  );
}

/** Times are the site's, as in the words above. */
const Sides = ({ why: { sides } }: { readonly why: WhyJson }) => {
  const { timeZone } = site.value!;
  const time = (at: string | null): string => (at === null ? '–' : clockText(timeOf(at), timeZone));
  return (
    <table class="ledger" aria-label="What each side heard">
      <thead>
        <tr>
          <th scope="col">Side</th>
          <th scope="col" class="number">
            Reads
          </th>
          <th scope="col" class="number">
            Best dBm
          </th>
          <th scope="col" class="number">
            Mean
          </th>
          <th scope="col">First</th>
          <th scope="col">Centre</th>
          <th scope="col">Last</th>
        </tr>
      </thead>
      <tbody>
        {sides.map(({ side, reads, bestDbm, meanDbm, firstAt, centroidAt, lastAt }) => (
          <tr key={side}>
            <th scope="row">{side}</th>
            <td class="number">{reads}</td>
            <td class="number">{bestDbm === null ? '–' : numberText(bestDbm)}</td>
            <td class="number">{meanDbm === null ? '–' : numberText(meanDbm)}</td>
            <td>{time(firstAt)}</td>
            <td>{time(centroidAt)}</td>
            <td>{time(lastAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Outcomes = ({ why: { outcomes } }: { readonly why: WhyJson }) => (
  <table class="ledger scores" aria-label="Outcomes">
    <thead>
      <tr>
        <th scope="col">Outcome</th>
        <th scope="col">
          <span class="off-screen">Bar</span>
        </th>
        <th scope="col" class="number">
          Probability
        </th>
      </tr>
    </thead>
    <tbody>
      {outcomes.map(({ outcome, probability }) => (
        <tr key={outcome}>
          <th scope="row">{OUTCOME_TEXT[asOutcome(outcome)]}</th>
          <td>
            <svg class="score-bar" viewBox="0 0 80 10" aria-hidden="true">
              <rect class="bar-for" y="2.5" width={80 * probability} height="5" />
            </svg>
          </td>
          <td class="number">{sureText(probability)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
