// Why a movement was booked: what was decided, from which reads, into which ledger lines.
import { get } from '../../api/client.ts';
import type { Evidence } from '../../api/types.ts';
import { whyOf } from '../../routing.ts';
import { Copy, Epc } from '../../shared/Epc.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { Outcome } from '../../shared/Outcome.tsx';
import { When } from '../../shared/states.tsx';
import { certaintyText, numberText, shortId } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useLoad } from '../../shared/useLoad.ts';
import { Because } from './Because.tsx';
import { ReadPlot } from './ReadPlot.tsx';
import { Scores } from './Scores.tsx';
import { PostingTable, ReadList } from './tables.tsx';
import { decisionWords } from './words.ts';

export function WhyMovement({ movement }: { readonly movement: string }) {
  const loaded = useLoad(movement, (signal) =>
    get<Evidence>(`/v1/movements/${encodeURIComponent(movement)}/evidence`, {}, signal),
  );
  return (
    <When loaded={loaded} lines={10}>
      {(evidence) => <Answer evidence={evidence} />}
    </When>
  );
}

function Answer({ evidence }: { readonly evidence: Evidence }) {
  const { movement, decision, why, passage, reads, postings } = evidence;
  return (
    <div class="answer">
      <p class="answer-what">
        <span class="type">{movement.type}</span>
        <span class="route">
          <span class="code">{movement.from}</span>
          <Icon name="arrow" />
          <span class="code">{movement.to}</span>
        </span>
        <span class="answer-sure">{certaintyText(movement.confidence, movement.source)}</span>
      </p>
      <p class="answer-when">
        <Time at={movement.happenedAt} ago />
        {movement.epc !== null && <Epc epc={movement.epc} />}
      </p>
      {decisionWords(evidence).map((sentence) => (
        <p class="answer-words" key={sentence}>
          {sentence}
        </p>
      ))}
      <Links evidence={evidence} />
      {reads.length > 0 && <ReadPlot reads={reads} passage={passage} />}
      {why !== null && <Because why={why} />}
      {decision !== null && <Scores scores={decision.scores} />}
      <h3>Ledger lines</h3>
      {postings.length === 0 ? <p class="none">None: it counts for no stock.</p> : <PostingTable postings={postings} />}
      <ReadList reads={reads} />
      <Facts evidence={evidence} />
    </div>
  );
}

const Links = ({ evidence: { movement, supersededBy } }: { readonly evidence: Evidence }) => (
  <>
    {supersededBy !== null && (
      <p class="answer-link is-bad">
        <Icon name="discrepancies" /> Undone by <a href={whyOf(supersededBy)}>{shortId(supersededBy)}</a>: it is no
        longer in force.
      </p>
    )}
    {movement.supersedes !== null && (
      <p class="answer-link">
        <Icon name="turned_back" /> Undoes <a href={whyOf(movement.supersedes)}>{shortId(movement.supersedes)}</a>.
      </p>
    )}
  </>
);

const Facts = ({ evidence }: { readonly evidence: Evidence }) => {
  const { movement, decision, passage, journal } = evidence;
  return (
    <dl class="facts">
      {passage !== null && (
        <>
          <dt>Passage</dt>
          <dd>
            <Outcome outcome={passage.outcome} /> at {passage.readPoint}, revision {decision?.revision ?? 1}
          </dd>
          <dt>Read</dt>
          <dd>
            <Time at={passage.firstAt} /> to <Time at={passage.lastAt} />
          </dd>
        </>
      )}
      <dt>Source</dt>
      <dd>{movement.source}</dd>
      <dt>Recorded</dt>
      <dd>
        <Time at={movement.recordedAt} />
      </dd>
      <dt>Journal</dt>
      <dd>
        row <span class="code">{numberText(journal.offset)}</span>
      </dd>
      <dt>Movement</dt>
      <dd>
        <span class="code">{movement.id}</span> <Copy text={movement.id} what="id" />
      </dd>
    </dl>
  );
};
