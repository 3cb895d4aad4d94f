// One line of a board: when, what became of it, how many, how sure; it leads to what can be done or asked about it.
import { timeZone } from '../../live/sites.ts';
import { href, whyPassage } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { countText, OUTCOME_TEXT, sureRange, sureText } from '../../shared/text.ts';
import { asOutcome, Outcome } from '../../shared/Outcome.tsx';
import { clockText, timeOf } from '../../shared/zone.ts';
import type { PassageGroup } from './groups.ts';

export function PassageLine({ group }: { readonly group: PassageGroup }) {
  const { at, outcome, tags, skus } = group;
  const what = `${countText(tags, 'tag')}${skus > 0 ? ` of ${countText(skus, 'SKU')}` : ''}`;
  return (
    <li class={`door-line door-line-${asOutcome(outcome)}`}>
      <a
        class="door-link"
        href={linkOf(group)}
        title={`Crossed or last read ${at.replace('T', ' ').replace('Z', '')} UTC`}
      >
        <span class="flap">{clockText(timeOf(at), timeZone.value)}</span>
        <Outcome outcome={outcome} />
        <span class="door-what" title={what}>
          <b>{tags}</b> {tags === 1 ? 'tag' : 'tags'}
        </span>
        <span class="door-sure">
          <Sure group={group} />
        </span>
      </a>
    </li>
  );
}

function Sure({ group }: { readonly group: PassageGroup }) {
  const { first, outcome, leading, leastProbability, mostProbability } = group;
  if (first.decidedBy !== null) return <>by {first.decidedBy}</>;
  if (outcome !== 'undecided') return <>{sureRange(leastProbability, mostProbability)}</>;
  const likely = asOutcome(leading);
  return (
    <span title={`most likely ${OUTCOME_TEXT[likely]}`}>
      <span class="off-screen">most likely {OUTCOME_TEXT[likely]}, </span>
      <Icon name={likely} /> {sureText(mostProbability)}
    </span>
  );
}

/** Undecided: to the queue. Crossed: to what it moved. The others moved nothing: to what the door made of them. */
function linkOf({ first, tags, outcome, at }: PassageGroup): string {
  if (outcome === 'undecided') return href({ view: 'review', query: {} });
  if (outcome === 'in' || outcome === 'out') {
    const to = new Date(timeOf(at) + 1).toISOString();
    return href({ view: 'movements', query: { readPoint: first.readPoint, from: at, to } });
  }
  if (tags === 1) return whyPassage(first.id);
  return href({ view: 'passages', query: { readPoint: first.readPoint, outcome } });
}
