// Why a passage was decided as it was, or could not be: the same reads that the decider weighed, for a person to weigh.
import { get } from '../../api/client.ts';
import type { PassageEvidence } from '../../api/types.ts';
import { Copy, Epc } from '../../shared/Epc.tsx';
import { asOutcome, Outcome } from '../../shared/Outcome.tsx';
import { When } from '../../shared/states.tsx';
import { countText, OUTCOME_TEXT, sureText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useLoad } from '../../shared/useLoad.ts';
import { Because } from './Because.tsx';
import { ReadPlot } from './ReadPlot.tsx';
import { Scores } from './Scores.tsx';
import { ReadList } from './tables.tsx';

export function WhyPassage({ passage }: { readonly passage: string }) {
  const loaded = useLoad(passage, (signal) =>
    get<PassageEvidence>(`/v1/passages/${encodeURIComponent(passage)}/evidence`, {}, signal),
  );
  return (
    <When loaded={loaded} lines={10}>
      {(evidence) => <Answer evidence={evidence} />}
    </When>
  );
}

function Answer({ evidence: { passage, revision, why, scores, reads } }: { readonly evidence: PassageEvidence }) {
  return (
    <div class="answer">
      <p class="answer-what">
        <Outcome outcome={passage.outcome} />
        <span class="code">{passage.readPoint}</span>
        <span class="answer-sure">{passage.decidedBy === null && sureText(passage.probability)}</span>
      </p>
      <p class="answer-when">
        <Time at={passage.crossedAt ?? passage.lastAt} ago />
        <Epc epc={passage.epc} />
      </p>
      <p class="answer-words">{wordsFor(passage)}</p>
      {reads.length > 0 && <ReadPlot reads={reads} passage={passage} />}
      <Because why={why} />
      <Scores scores={scores} />
      <ReadList reads={reads} />
      <dl class="facts">
        <dt>SKU</dt>
        <dd class="code">{passage.sku ?? 'unknown'}</dd>
        <dt>Read</dt>
        <dd>
          <Time at={passage.firstAt} /> to <Time at={passage.lastAt} />
        </dd>
        <dt>Revision</dt>
        <dd>{revision}</dd>
        <dt>Passage</dt>
        <dd>
          <span class="code">{passage.id}</span> <Copy text={passage.id} what="id" />
        </dd>
      </dl>
    </div>
  );
}

function wordsFor({ outcome, leading, decidedBy, group }: PassageEvidence['passage']): string {
  const others =
    group === null || group.size < 2 ? '' : ` It was weighed together with ${countText(group.size - 1, 'other')}.`;
  if (decidedBy !== null) return `${decidedBy} decided: ${OUTCOME_TEXT[asOutcome(outcome)]}.${others}`;
  return outcome === 'undecided'
    ? `Most likely ${OUTCOME_TEXT[asOutcome(leading)]}, but not likely enough to move stock.${others}`
    : `The reads say: ${OUTCOME_TEXT[asOutcome(outcome)]}.${others}`;
}
