// Taking a quarantined message in after all, and what became of that.
import { post } from '../../api/client.ts';
import type { ReplayAnswer } from '../../api/types.ts';
import { reloadOpen } from '../../live/openWork.ts';
import { Icon } from '../../shared/Icon.tsx';
import { numberText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';

export function Replay({ id, onDone }: { readonly id: number; readonly onDone: () => void }) {
  const { state, send } = useCommand(async (key) => {
    const answer = await post<ReplayAnswer>(`/v1/quarantine/${id}/replay`, undefined, key);
    if (answer.status === 'replayed') reloadOpen.value++;
    return answer;
  });
  if (state.kind === 'done' && state.answer.status === 'replayed') {
    return (
      <p class="card-settled" role="status">
        <Icon name="tick" /> Taken in
        {state.answer.offset !== null && ` at journal row ${numberText(state.answer.offset)}`}.{' '}
        <button type="button" class="button" onClick={onDone}>
          Done
        </button>
      </p>
    );
  }
  return (
    <div class="replay">
      <button type="button" class="button" onClick={() => void send()} disabled={state.kind === 'sending'}>
        <Icon name="again" /> {state.kind === 'sending' ? 'Replaying…' : 'Replay'}
      </button>
      {state.kind === 'done' && (
        <p class="refusal" role="alert">
          <Icon name="discrepancies" /> Still not understood:{' '}
          {state.answer.rejected.map(({ message }) => message).join('; ')}
        </p>
      )}
      {state.kind === 'failed' && (
        <p class="refusal" role="alert">
          <Icon name="discrepancies" /> {state.fault.message}
        </p>
      )}
    </div>
  );
}
