// A doubted place is put on the list of bins to count, with one press.
import { post } from '../../api/client.ts';
import type { CommandAnswer, PhantomCheck } from '../../api/types.ts';
import { href } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { useCommand } from '../../shared/useCommand.ts';

/** It is on that list already. */
export const Waits = ({ count }: { readonly count: string }) => (
  <span>
    <Icon name="tick" /> It waits to be counted:{' '}
    <a class="code" href={href({ view: 'counts', part: count, query: {} })}>
      {count}
    </a>
  </span>
);

export function PlanCount({ count }: { readonly count: PhantomCheck['count'] }) {
  const { state, send } = useCommand((key) => post<CommandAnswer>('/v1/counts', count, key));
  if (state.kind === 'done')
    return (
      <span role="status">
        <Icon name="tick" /> <a href={href({ view: 'counts' })}>Its count is planned</a>
      </span>
    );
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={state.kind === 'sending'}
        aria-label={`Plan a count of ${count.locations[0] ?? ''}`}
        onClick={() => void send()}
      >
        Plan a count
      </button>
      {state.kind === 'failed' && <span role="alert"> {state.fault.message}</span>}
    </>
  );
}
