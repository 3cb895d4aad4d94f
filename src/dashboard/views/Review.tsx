// The review queue: passages whose evidence was not enough, by what crossed together. A person decides; the answer of the
// ledger is shown.
import { useMemo, useRef, useState } from 'preact/hooks';
import type { PassageJson } from '../api/types.ts';
import { reloadOpen, undecided } from '../live/openWork.ts';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { countOrMore, countText, numberText } from '../shared/text.ts';
import { useHold } from '../shared/useHold.ts';
import { timeOf } from '../shared/zone.ts';
import { Results, type Result } from './review/Results.tsx';
import { ReviewGroup, type Together } from './review/ReviewGroup.tsx';

/** Groups shown at once; the queue is worked off from the newest. */
const GROUPS_MAX = 40;
const RESULTS_MAX = 8;

export function Review() {
  const [results, setResults] = useState<readonly Result[]>([]);
  const { items, hasMore, fault } = undecided.value;
  const groups = useMemo(() => togetherOf(items ?? []), [items]);
  const { isHeld, holding } = useHold();
  // By passage and not by group: a group is told anew when it is weighed anew.
  const known = useRef<ReadonlySet<string>>(new Set());
  if (!isHeld) known.current = new Set(items?.map(({ id }) => id));
  const shown = groups.filter(({ passages }) => passages.some(({ id }) => known.current.has(id)));
  const waiting = groups.length - shown.length;
  const add = (result: Result): void => setResults((before) => [result, ...before].slice(0, RESULTS_MAX));
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Review
        </h1>
        <p class="page-note">
          {items === undefined
            ? 'Passages that the reads left undecided.'
            : `${countOrMore(items.length, hasMore)} undecided in ${countText(groups.length, 'group')}. Nothing moves stock until somebody decides.`}
        </p>
      </header>
      <Results results={results} />
      {fault !== undefined && <Failed fault={fault} onRetry={() => reloadOpen.value++} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && (
        <Empty title="Everything is decided">Undecided passages appear here by themselves.</Empty>
      )}
      {waiting > 0 && (
        <p class="hint" role="status">
          {countText(waiting, 'new group')} above, shown once you are out of the list.
        </p>
      )}
      <div class="review-groups" {...holding}>
        {shown.slice(0, GROUPS_MAX).map((group) => (
          <ReviewGroup group={group} onResult={add} key={group.key} />
        ))}
      </div>
      {groups.length > GROUPS_MAX && (
        <p class="more">{numberText(groups.length - GROUPS_MAX)} older groups follow when these are decided.</p>
      )}
    </section>
  );
}

/** By group, newest first; a tag that crossed alone is a group of its own. */
function togetherOf(passages: readonly PassageJson[]): readonly Together[] {
  const groups = new Map<string, PassageJson[]>();
  for (const passage of passages) {
    const key = `${passage.readPoint} ${passage.group?.id ?? passage.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [passage]);
    else group.push(passage);
  }
  return [...groups]
    .map(([key, group]) => ({
      key,
      at: timeOf(group[0]!.crossedAt ?? group[0]!.lastAt),
      passages: group.sort((a, b) => b.probability - a.probability),
    }))
    .sort((a, b) => b.at - a.at);
}
