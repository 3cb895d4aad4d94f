// Work for people: all of it in the order in which one is given it, or what is to be put away, refilled and moved, bin by bin.
import { route } from '../routing.ts';
import { Tabs } from '../shared/Tabs.tsx';
import { BinTasks } from './tasks/BinTasks.tsx';
import { NewRelocation } from './tasks/NewRelocation.tsx';
import { Queue } from './tasks/Queue.tsx';

const KINDS = [
  ['queue', 'All work'],
  ['putaways', 'To put away'],
  ['replenishments', 'To refill'],
  ['relocations', 'To move'],
] as const;

const NOTES: Readonly<Record<string, string>> = {
  queue: 'Whoever asks is given what is most urgent, then what is nearest; nobody is given it twice.',
  putaways:
    'Each task keeps room in its bin until it is done. Another bin is booked as well, and told as a discrepancy.',
  replenishments: 'Pick faces below their minimum are filled from reserve.',
  relocations: 'What somebody wants to lie in another bin. What pick lists take from there is left to them.',
};

export function Tasks() {
  const { kind = 'queue' } = route.value.query;
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Tasks
        </h1>
        <p class="page-note">{NOTES[kind] ?? NOTES['queue']}</p>
      </header>
      <div class="filter-fields">
        <Tabs label="Kind" name="kind" present={kind} choices={KINDS} />
      </div>
      {kind === 'relocations' && <NewRelocation />}
      {kind === 'putaways' || kind === 'replenishments' || kind === 'relocations' ? (
        <BinTasks path={`/v1/${kind}`} key={kind} />
      ) : (
        <Queue />
      )}
    </section>
  );
}
