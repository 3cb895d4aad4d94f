// One plan, bin by bin: what waits is counted blind, what differs is shown to whoever approves it.
import { useEffect, useState } from 'preact/hooks';
import { get, post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { Count, CountTask } from '../../api/work.ts';
import { site } from '../../live/sites.ts';
import { onLive } from '../../live/stream.ts';
import { href } from '../../routing.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { When } from '../../shared/states.tsx';
import { numberText, shortEpc } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { useLoad } from '../../shared/useLoad.ts';
import { Entry } from './Entry.tsx';
import { LookFor } from './LookFor.tsx';

export function OneCount({ id }: { readonly id: string }) {
  const siteId = site.value!.site;
  const path = `/v1/counts/${encodeURIComponent(id)}`;
  const loaded = useLoad(`${siteId} ${id}`, (signal) => get<Count>(path, { site: siteId }, signal));
  // What was told last of each bin; what was loaded after it says the same or more.
  const [told, setTold] = useState<ReadonlyMap<number, CountTask>>(new Map());
  useEffect(
    () =>
      onLive(({ count }) => {
        const own = count.filter((task) => task.count === id);
        if (own.length > 0) setTold((before) => new Map([...before, ...own.map((task) => [task.task, task] as const)]));
      }),
    [id],
  );
  useEffect(() => setTold(new Map()), [loaded.value]);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Count <span class="code">{id}</span>
        </h1>
        <p class="page-note">
          <a href={href({ view: 'counts', part: undefined, query: {} })}>All counts</a>
        </p>
      </header>
      <When loaded={loaded}>
        {({ tasks, skus }) => (
          <>
            {skus.length > 0 && (
              <p class="page-note">
                Only <span class="code">{skus.join(', ')}</span>
              </p>
            )}
            <ul class="count-bins">
              {tasks.map((task) => (
                <Bin task={told.get(task.task) ?? task} key={task.task} />
              ))}
            </ul>
          </>
        )}
      </When>
    </section>
  );
}

const STATE = {
  open: 'to count',
  recount: 'count it again',
  resweep: 'tags to look for',
  approval: 'waits for approval',
  closed: 'done',
  cancelled: 'cancelled',
} as const satisfies Readonly<Record<CountTask['state'], string>>;

function Bin({ task }: { readonly task: CountTask }) {
  const [isOpen, setOpen] = useState(false);
  const { state, location, countedBy, countedAt, approvedBy, lines } = task;
  const isWaiting = state === 'open' || state === 'recount' || state === 'resweep';
  useEffect(() => setOpen(false), [state, task.attempts]);
  return (
    <li class="sheet">
      <p class="count-head">
        <span class="code count-place">{location}</span>
        {countedBy.length > 0 && <span>{countedBy.join(', ')}</span>}
        {countedAt !== null && <Time at={countedAt} ago />}
        {approvedBy !== null && <span>approved by {approvedBy}</span>}
        <span class={`mark count-${state}`}>
          {state === 'closed' && <Icon name="tick" />} {STATE[state]}
        </span>
      </p>
      {lines.length > 0 && <Lines task={task} />}
      {state === 'approval' && <Approve task={task} />}
      {state === 'resweep' && <LookFor task={task} />}
      {isWaiting &&
        (isOpen ? (
          <Entry task={task} onClose={() => setOpen(false)} />
        ) : (
          <div class="count-buttons">
            <button type="button" class="button button-main" onClick={() => setOpen(true)}>
              <Icon name="counts" /> Count {location}
            </button>
          </div>
        ))}
    </li>
  );
}

const Lines = ({ task: { lines, location } }: { readonly task: CountTask }) => (
  <table class="ledger" aria-label={`What was counted at ${location}`}>
    <thead>
      <tr>
        <th scope="col">SKU</th>
        <th scope="col" class="number">
          Books
        </th>
        <th scope="col" class="number">
          Counted
        </th>
        <th scope="col" class="number">
          Differs
        </th>
      </tr>
    </thead>
    <tbody>
      {lines.map((line, index) => (
        <tr class="line" key={index}>
          <td>
            <span class="code">{line.sku ?? 'unknown'}</span>
            {line.lot !== null && <span class="account-more"> lot {line.lot}</span>}
            {line.status !== 'available' && <span class="account-more"> {line.status}</span>}
            {[...line.missing, ...line.surplus].slice(0, 5).map((epc) => (
              <a class="code account-more" href={href({ view: 'items', part: epc, query: {} })} title={epc} key={epc}>
                {' '}
                {line.missing.includes(epc) ? '−' : '+'}
                {shortEpc(epc)}
              </a>
            ))}
          </td>
          <td class="number">{numberText(line.expected)}</td>
          <td class="number">{numberText(line.counted)}</td>
          <td class="number">{line.difference === 0 ? '' : numberText(line.difference)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

function Approve({ task: { site: siteId, count, task } }: { readonly task: CountTask }) {
  const [asked, setAsked] = useState<boolean | undefined>(undefined);
  const path = `/v1/counts/${encodeURIComponent(count)}/tasks/${task}/approval`;
  const { state, send, reset } = useCommand((key) =>
    post<CommandAnswer>(path, { site: siteId, isApproved: asked === true }, key),
  );
  const close = (): void => {
    reset();
    setAsked(undefined);
  };
  if (asked === undefined) {
    return (
      <div class="count-buttons">
        <button type="button" class="button button-main" onClick={() => setAsked(true)}>
          <Icon name="tick" /> Approve…
        </button>
        <button type="button" class="button" onClick={() => setAsked(false)}>
          <Icon name="again" /> Count once more…
        </button>
      </div>
    );
  }
  return (
    <ConfirmForm
      icon={asked ? 'tick' : 'again'}
      text={asked ? 'Post what was counted' : 'Have it counted again'}
      doing="Telling…"
      isSending={state.kind === 'sending'}
      fault={state.kind === 'failed' ? state.fault : undefined}
      onSend={() => void send()}
      onClose={close}
    >
      <p class="confirm-what">
        {asked
          ? 'The books will say what was counted. Who counted it cannot approve it.'
          : 'Nothing is posted; the bin is counted once more.'}
      </p>
    </ConfirmForm>
  );
}
