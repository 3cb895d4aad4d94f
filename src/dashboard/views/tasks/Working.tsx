// The work that somebody has, done from here where a scan ends it, with the way to where it is done otherwise.
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { Job } from '../../api/work.ts';
import { href } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Failed, When } from '../../shared/states.tsx';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { useOne } from '../../shared/useOne.ts';
import { Words } from '../../shared/Words.tsx';
import { OnePick } from '../orders/Picks.tsx';
import { Doing } from './Doing.tsx';
import { KIND } from './Queue.tsx';

interface Props {
  readonly job: Job;
  /** Why it was given out; undefined when it was so before the page was opened. */
  readonly reason: string | undefined;
  readonly onDone: () => void;
}

/** Where tasks of a kind are found; other work has pages of its own. */
const PATH_OF: Partial<Record<Job['kind'], string>> = {
  putaway: '/v1/putaways',
  replenish: '/v1/replenishments',
  relocate: '/v1/relocations',
};

export function Working({ job, reason, onDone }: Props) {
  const { site, kind, id, part } = job;
  const release = useCommand((key) =>
    post<CommandAnswer>('/v1/queue/release', { site, job: kind, id, ...(part === 0 ? {} : { part }) }, key),
  );
  const path = PATH_OF[kind];
  return (
    <section class="queue-own" aria-label="Yours">
      <p class="queue-title">
        <span class="mark queue-kind">
          <Icon name={KIND[kind].icon} /> {KIND[kind].text}
        </span>
        <b>{job.what}</b>
        {job.from !== null && (
          <span class="task-way">
            <span class="code">{job.from}</span>
            {job.to !== null && (
              <>
                <Icon name="arrow" /> <b class="code task-bin">{job.to}</b>
              </>
            )}
          </span>
        )}
      </p>
      <p class="card-facts">
        {reason !== undefined && (
          <span>
            <Words text={reason} />
          </span>
        )}
        {path === undefined && (
          <span>
            yours until <Time at={job.claimedUntil!} />
          </span>
        )}
      </p>
      {path !== undefined && <BinTask job={job} path={path} />}
      {(kind === 'pick' || kind === 'sort') && <OnePick id={id} site={site} order={job.order ?? ''} />}
      {kind === 'count' && (
        <a class="button button-main" href={href({ view: 'counts', part: id, query: {} })}>
          <Icon name="counts" /> Count {job.from}
        </a>
      )}
      {kind === 'pack' && (
        <a class="button button-main" href={href({ view: 'packing', part: undefined, query: { order: id } })}>
          <Icon name="packing" /> Pack {id}
        </a>
      )}
      {kind === 'load' && (
        <a class="button button-main" href={href({ view: 'loads', part: id, query: {} })}>
          <Icon name="loads" /> Load {id}
        </a>
      )}
      {kind === 'approve' && part > 0 && (
        <a class="button button-main" href={href({ view: 'counts', part: id, query: {} })}>
          <Icon name="counts" /> Look at what was counted
        </a>
      )}
      {kind === 'approve' && part === 0 && <Approve id={id} site={site} onDone={onDone} />}
      {path === undefined && (
        <button
          type="button"
          class="button"
          disabled={release.state.kind === 'sending'}
          onClick={() => void release.send().then(onDone)}
        >
          Give it back
        </button>
      )}
      {release.state.kind === 'failed' && <Failed fault={release.state.fault} />}
    </section>
  );
}

/** A correction that somebody else asked for: carried out, or not. */
function Approve({ id, site, onDone }: { readonly id: string; readonly site: string; readonly onDone: () => void }) {
  const path = `/v1/adjustments/${encodeURIComponent(id)}/approval`;
  const say = (isApproved: boolean) => (key: string) => post<CommandAnswer>(path, { site, isApproved }, key);
  const [yes, no] = [useCommand(say(true)), useCommand(say(false))];
  const isBusy = yes.state.kind === 'sending' || no.state.kind === 'sending';
  const failed = [yes.state, no.state].find(({ kind }) => kind === 'failed');
  return (
    <span class="confirm-buttons">
      <button type="button" class="button button-main" disabled={isBusy} onClick={() => void yes.send().then(onDone)}>
        <Icon name="tick" /> It is right
      </button>
      <button type="button" class="button" disabled={isBusy} onClick={() => void no.send().then(onDone)}>
        <Icon name="cross" /> It is not
      </button>
      {failed?.kind === 'failed' && <Failed fault={failed.fault} />}
    </span>
  );
}

/** Brought to a bin: it has its own buttons. */
function BinTask({ job, path }: { readonly job: Job; readonly path: string }) {
  const { loaded, told } = useOne('task', path, job.id);
  return <When loaded={loaded}>{(task) => <Doing path={path} task={told ?? task} />}</When>;
}
