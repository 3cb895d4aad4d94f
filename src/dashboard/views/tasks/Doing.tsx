// A task is taken, given back, or confirmed by the scan of the bin that the goods were put into.
import { useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { Task } from '../../api/goods.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { now } from '../../live/clock.ts';
import { Icon } from '../../shared/Icon.tsx';
import { operator } from '../../shared/operator.ts';
import { Failed } from '../../shared/states.tsx';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { timeOf } from '../../shared/zone.ts';

interface Props {
  readonly path: string;
  readonly task: Task;
}

export function Doing({ path, task }: Props) {
  const { site, claimedBy, claimedUntil, to } = task;
  const [scan, setScan] = useState('');
  const one = `${path}/${encodeURIComponent(task.id)}`;
  const claim = useCommand((key) => post<CommandAnswer>(`${one}/claim`, { site }, key));
  const release = useCommand((key) => post<CommandAnswer>(`${one}/release`, { site }, key));
  const confirm = useCommand((key) => post<CommandAnswer>(`${one}/confirmation`, { site, scan }, key));
  const isTaken = claimedUntil !== null && timeOf(claimedUntil) > now.value;
  const isMine = isTaken && (claimedBy === operator.value.trim() || (claimedBy === 'api' && operator.value === ''));
  const failed = [claim, release, confirm].find(({ state }) => state.kind === 'failed')?.state;
  const isBusy = [claim, release, confirm].some(({ state }) => state.kind === 'sending');
  return (
    <>
      {isTaken && (
        <p class="mark">
          <Icon name="clock" /> {isMine ? 'yours' : claimedBy} until <Time at={claimedUntil} />
        </p>
      )}
      <form
        class="task-doing"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (scan !== '') void confirm.send().then(() => setScan(''));
        }}
      >
        {(isMine || !isTaken) && (
          <>
            <label class="field">
              <span>{task.order === null ? 'Scan the bin' : 'Scan the place that it is brought to'}</span>
              <input value={scan} onInput={({ currentTarget }) => setScan(currentTarget.value)} autocomplete="off" />
            </label>
            <button type="submit" class="button button-main" disabled={scan === '' || isBusy}>
              <Icon name="tick" /> Put there
            </button>
          </>
        )}
        {!isTaken && to !== null && (
          <button type="button" class="button" disabled={isBusy} onClick={() => void claim.send()}>
            Take it
          </button>
        )}
        {isMine && (
          <button type="button" class="button" disabled={isBusy} onClick={() => void release.send()}>
            Give it back
          </button>
        )}
      </form>
      {failed?.kind === 'failed' && <Failed fault={failed.fault} />}
    </>
  );
}
