// How much waits for a person, of each kind. Nought is said calmly, anything else with a picture and a mark.
import { openCounts } from '../../live/openWork.ts';
import { href } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { countOrMore } from '../../shared/text.ts';

const COUNTERS = [
  { name: 'alerts', title: 'Alerts', todo: 'the worst first' },
  { name: 'review', title: 'Undecided passages', todo: 'decide what crossed' },
  { name: 'discrepancies', title: 'Open discrepancies', todo: 'books and building differ' },
  { name: 'quarantine', title: 'In quarantine', todo: 'could not be understood' },
  { name: 'gaps', title: 'Gaps', todo: 'never arrived' },
] as const;

export const Counters = () => (
  <section class="counters" aria-label="Waiting for a person">
    {COUNTERS.map((counter) => (
      <Counter {...counter} key={counter.name} />
    ))}
  </section>
);

function Counter({ name, title, todo }: (typeof COUNTERS)[number]) {
  const { count, hasMore, fault } = openCounts[name].value;
  const isClear = count === 0;
  return (
    <a class={isClear ? 'counter is-clear' : 'counter'} href={href({ view: name, query: {} })}>
      <span class="counter-count">{countOrMore(count, hasMore)}</span>
      <span class="counter-title">{title}</span>
      <span class="counter-todo">
        <Icon name={isClear ? 'tick' : name} />
        {count === undefined ? (fault === undefined ? 'loading' : 'not known') : isClear ? 'none' : todo}
      </span>
    </a>
  );
}
