// What is to be brought to which bin, and why: what has come in is put away, pick faces are refilled, goods are moved. One takes a task, and a scan of the bin
// ends it.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { Task } from '../../api/goods.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { onLive } from '../../live/stream.ts';
import { href, route } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { More } from '../../shared/More.tsx';
import { OperatorField } from '../../shared/Operator.tsx';
import { Empty, Failed, Loading } from '../../shared/states.tsx';
import { Tabs } from '../../shared/Tabs.tsx';
import { numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { usePages } from '../../shared/usePages.ts';
import { Doing } from './Doing.tsx';

const STATES = [
  ['open', 'Open'],
  ['done', 'Done'],
] as const;

/** `path` is that of the kind of task. */
export function BinTasks({ path }: { readonly path: string }) {
  const { state = 'open' } = route.value.query;
  const list = usePages<Task>(path, { site: site.value!.site, state });
  const { items, fault, reload } = list;
  const [told, setTold] = useState<ReadonlyMap<string, Task>>(new Map());
  useEffect(
    () =>
      onLive(({ task }) => {
        if (task.length === 0) return;
        setTold((before) => new Map([...before, ...task.map((one) => [one.id, one] as const)]));
        reload();
      }),
    [reload],
  );
  useEffect(() => setTold(new Map()), [items]);
  return (
    <>
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
        {state === 'open' && <OperatorField />}
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && (
        <Empty icon="tasks" title={state === 'open' ? 'Nothing is to be brought anywhere' : 'Nothing was brought yet'}>
          {path === '/v1/relocations' ? (
            'Say what is to lie in another bin, here or by a proposal of classes and bins.'
          ) : (
            <>
              Goods at the dock are directed to bins at a site whose rules say <span class="code">directed: true</span>.
            </>
          )}
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card path={path} task={told.get(one.id) ?? one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="task" />
    </>
  );
}

const Card = ({ path, task }: { readonly path: string; readonly task: Task }) => (
  <li class="sheet card task-card">
    <p class="card-head">
      <span class="card-kind code">{task.id}</span>
      <span class="task-way">
        <span class="code">{task.from}</span> <Icon name="arrow" />
        {task.to === null ? <span class="mark mark-bad">no bin</span> : <b class="code task-bin">{task.to}</b>}
      </span>
    </p>
    <p>
      <b>{numberText(task.state === 'open' ? task.left : task.done)}</b> of{' '}
      <a class="code" href={href({ view: 'stock', query: { sku: task.sku } })}>
        {task.sku}
      </a>
      {task.lot !== null && ` lot ${task.lot}`}
      {task.state === 'open' && task.done > 0 && `, ${numberText(task.done)} brought already`}
    </p>
    <p class="card-facts">
      <span>{task.reason}</span>
      {task.order !== null && (
        <a class="code" href={href({ view: 'orders', part: task.order, query: {} })}>
          {task.order}
        </a>
      )}
      <Time at={task.createdAt} only />
    </p>
    {task.state === 'open' && <Doing path={path} task={task} />}
    {task.state === 'open' && task.kind === 'relocate' && <Cancel task={task} />}
  </li>
);

/** What a person wanted need not be. */
function Cancel({ task }: { readonly task: Task }) {
  const path = `/v1/relocations/${encodeURIComponent(task.id)}/cancellation`;
  const cancel = useCommand((key) => post<CommandAnswer>(path, { site: task.site }, key));
  return (
    <>
      <div>
        <button
          type="button"
          class="button"
          disabled={cancel.state.kind === 'sending'}
          onClick={() => void cancel.send()}
        >
          <Icon name="cross" /> It stays at {task.from}
        </button>
      </div>
      {cancel.state.kind === 'failed' && <Failed fault={cancel.state.fault} />}
    </>
  );
}
