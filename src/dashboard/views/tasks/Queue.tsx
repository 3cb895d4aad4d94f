// All work in one line. Somebody says who and where they are and asks for what is next; what they have stands on top, to be done from here.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, post } from '../../api/client.ts';
import type { Job, JobGiven, QueueOfWork } from '../../api/work.ts';
import { now } from '../../live/clock.ts';
import { site } from '../../live/sites.ts';
import { onLive } from '../../live/stream.ts';
import { recall, remember } from '../../shared/memory.ts';
import { Icon, type IconName } from '../../shared/Icon.tsx';
import { OperatorField } from '../../shared/Operator.tsx';
import { operator } from '../../shared/operator.ts';
import { Empty, Failed, Loading } from '../../shared/states.tsx';
import { countText, numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { useLoad } from '../../shared/useLoad.ts';
import { timeOf } from '../../shared/zone.ts';
import { Words } from '../../shared/Words.tsx';
import { Working } from './Working.tsx';

const SHOWN_MAX = 60;

export const KIND: Readonly<Record<Job['kind'], { readonly text: string; readonly icon: IconName }>> = {
  putaway: { text: 'put away', icon: 'tasks' },
  replenish: { text: 'refill', icon: 'again' },
  relocate: { text: 'move', icon: 'arrow' },
  pick: { text: 'pick', icon: 'orders' },
  sort: { text: 'sort', icon: 'packing' },
  count: { text: 'count', icon: 'counts' },
  pack: { text: 'pack', icon: 'packing' },
  load: { text: 'load', icon: 'loads' },
  approve: { text: 'approve', icon: 'tick' },
};

type Queued = QueueOfWork['jobs'][number];
const isTaken = ({ claimedUntil }: Job): boolean => claimedUntil !== null && timeOf(claimedUntil) > now.value;
const keyOf = ({ kind, id, part }: Pick<Job, 'kind' | 'id' | 'part'>): string => `${kind} ${id} ${part}`;

export function Queue() {
  const siteId = site.value!.site;
  /** Where the person last said to be. */
  const [where, setWhere] = useState(recall(`where ${siteId}`) ?? '');
  const location = site.value!.locations.some(({ id }) => id === where) ? where : undefined;
  const loaded = useLoad(`queue ${siteId} ${location ?? ''}`, (signal) =>
    get<QueueOfWork>('/v1/queue', { site: siteId, location, limit: SHOWN_MAX }, signal),
  );
  const { reload } = loaded;
  useEffect(() => onLive(({ job }) => job.length > 0 && reload()), [reload]);
  // Another place is another list: what was there stays until it comes.
  const shown = useRef(loaded.value);
  shown.current = loaded.value ?? shown.current;
  const { jobs, waiting = 0 } = shown.current ?? {};
  const me = operator.value.trim();
  const own = jobs?.find((one) => me !== '' && one.claimedBy === me && isTaken(one));
  return (
    <>
      <Ask where={where} own={own} onWhere={setWhere} onDone={reload} />
      {loaded.fault !== undefined && <Failed fault={loaded.fault} onRetry={reload} />}
      {jobs === undefined && loaded.fault === undefined && <Loading lines={10} />}
      {jobs?.length === 0 && (
        <Empty icon="tasks" title="Nothing waits">
          Goods to put away or to move, pick faces to refill, lists to pick, bins to count, orders to pack, trucks to
          load and counts to approve appear here.
        </Empty>
      )}
      <ol class="queue" aria-label="What waits">
        {jobs
          ?.filter((one) => one !== own)
          .map((one) => (
            <Line job={one} key={keyOf(one)} />
          ))}
      </ol>
      {waiting > (jobs?.length ?? 0) && (
        <p class="page-note">{countText(waiting - jobs!.length, 'more piece')} of work behind these.</p>
      )}
    </>
  );
}

interface AskProps {
  readonly where: string;
  readonly own: Queued | undefined;
  readonly onWhere: (where: string) => void;
  readonly onDone: () => void;
}

function Ask({ where, own, onWhere, onDone }: AskProps) {
  const siteId = site.value!.site;
  const [here, setHere] = useState(where);
  const body = { site: siteId, ...(here.trim() === '' ? {} : { location: here.trim() }) };
  const ask = useCommand((key) => post<JobGiven>('/v1/queue/next', body, key));
  const { state } = ask;
  const given = state.kind === 'done' ? state.answer.detail : undefined;
  const send = async (): Promise<void> => {
    await ask.send();
    remember(`where ${siteId}`, here.trim());
    onWhere(here.trim());
    onDone();
  };
  return (
    <div class="sheet queue-ask">
      <form
        class="queue-who"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (state.kind !== 'sending') void send();
        }}
      >
        <OperatorField />
        <label class="field">
          <span>Where you are: scan or type a place</span>
          <input
            value={here}
            list="queue-places"
            onInput={({ currentTarget }) => setHere(currentTarget.value)}
            autocomplete="off"
          />
        </label>
        <datalist id="queue-places">
          {site.value!.locations.map(({ id }) => (
            <option value={id} key={id} />
          ))}
        </datalist>
        <button
          type="submit"
          class="button button-main"
          disabled={state.kind === 'sending' || operator.value.trim() === ''}
        >
          <Icon name="arrow" /> What is next?
        </button>
      </form>
      {state.kind === 'failed' && <Failed fault={state.fault} />}
      {given?.job === null && own === undefined && (
        <p role="status">
          <Words text={given.reason} />
        </p>
      )}
      {own !== undefined && (
        <Working
          job={own}
          reason={given?.job != null && keyOf(given.job) === keyOf(own) ? given.reason : undefined}
          onDone={onDone}
        />
      )}
    </div>
  );
}

const Line = ({ job }: { readonly job: Queued }) => (
  <li class={isTaken(job) ? 'sheet queue-line is-taken' : 'sheet queue-line'}>
    <span class="mark queue-kind">
      <Icon name={KIND[job.kind].icon} /> {KIND[job.kind].text}
    </span>
    <span class="queue-what">
      <b>{job.what}</b>
      {job.from !== null && (
        <span class="queue-way">
          <span class="code">{job.from}</span>
          {job.to !== null && (
            <>
              {' '}
              <Icon name="arrow" /> <span class="code">{job.to}</span>
            </>
          )}
        </span>
      )}
    </span>
    <span class="queue-facts">
      <span>priority {job.urgency}</span>
      {job.dueAt !== null && (
        <span>
          to leave by <Time at={job.dueAt} />
        </span>
      )}
      {job.distanceM !== null && <span>{numberText(Math.round(job.distanceM))} m</span>}
      {isTaken(job) ? (
        <span>
          {job.claimedBy} has it until <Time at={job.claimedUntil!} />
        </span>
      ) : (
        <span>
          <Words text={job.because} />
        </span>
      )}
    </span>
  </li>
);
