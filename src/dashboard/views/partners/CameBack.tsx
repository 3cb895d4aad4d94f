// What came back from customers: with which order, out of which bin; and what somebody who looks at it says that it is good for.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CustomerReturn } from '../../api/partners.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { onLive } from '../../live/stream.ts';
import { href, whyOf } from '../../routing.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Epc } from '../../shared/Epc.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { More } from '../../shared/More.tsx';
import { Empty, Failed, Loading } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { usePages } from '../../shared/usePages.ts';
import { reasonText } from './reasons.ts';

const GRADES = [
  ['resell', 'It is as new: sell it again'],
  ['damaged', 'It is damaged'],
  ['quality', 'It is to be looked at closer'],
  ['scrap', 'It is scrap'],
] as const;

export function CameBack() {
  const list = usePages<CustomerReturn>('/v1/returns', { site: site.value!.site });
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ movement }) => movement.some(({ type }) => type === 'return') && reload()), [reload]);
  return (
    <>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={6} />}
      {items?.length === 0 && (
        <Empty icon="partners" title="Nothing came back">
          What a customer was sent and a door sees again stands here, to be graded.
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card back={one} onDone={reload} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="return" />
    </>
  );
}

function Card({ back, onDone }: { readonly back: CustomerReturn; readonly onDone: () => void }) {
  const { id, epc, sku, quantity, location, status, order, line, customer, pick, shippedAt } = back;
  const isUngraded = status === 'returned' || epc === null;
  return (
    <li class="sheet card return-card">
      <p class="card-head">
        <span class="card-kind code">{sku ?? 'unknown'}</span>
        {status !== null && <span class="mark">{status}</span>}
        <span class="card-supplier">{customer ?? 'from nobody known'}</span>
      </p>
      <p class="card-facts">
        {epc === null ? <span>{numberText(quantity ?? 0)}</span> : <Epc epc={epc} />}
        <span>
          came back <Time at={back.returnedAt} ago />, at <span class="code">{location}</span>
        </span>
        <a href={whyOf(id)}>Why?</a>
      </p>
      <p class="card-facts">
        {order === null ? (
          <span>of no order that is known</span>
        ) : (
          <span>
            sent with <a href={href({ view: 'orders', part: order, query: {} })}>{order}</a>
            {line !== null && `, line ${line}`}
            {shippedAt !== null && (
              <>
                , <Time at={shippedAt} />
              </>
            )}
          </span>
        )}
        {back.announced === null ? (
          <span>nobody had announced it</span>
        ) : (
          <span>
            announced as <span class="code">{back.announced.return}</span>: {reasonText(back.announced.because)}
          </span>
        )}
        {pick !== null && (
          <span>
            <a href={whyOf(pick.movement)}>picked</a> from <span class="code">{pick.from}</span>
            {pick.by !== null && ` by ${pick.by}`}
          </span>
        )}
      </p>
      {isUngraded && <Grade back={back} onDone={onDone} />}
    </li>
  );
}

function Grade({ back, onDone }: { readonly back: CustomerReturn; readonly onDone: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const [grade, setGrade] = useState('');
  const [reason, setReason] = useState('');
  const body = {
    site: back.site,
    grade,
    code: grade === 'resell' ? 'return' : grade === 'scrap' ? 'damaged' : grade,
    ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
  };
  const tell = useCommand((key) => post<CommandAnswer>(`/v1/returns/${back.id}/grading`, body, key));
  const { state } = tell;
  if (!isOpen)
    return (
      <div>
        <button type="button" class="button" onClick={() => setOpen(true)}>
          <Icon name="tick" /> Grade it…
        </button>
      </div>
    );
  return (
    <ConfirmForm
      icon="tick"
      text="That is so"
      doing="Telling…"
      isSending={state.kind === 'sending'}
      isIncomplete={grade === ''}
      fault={state.kind === 'failed' ? state.fault : undefined}
      onSend={() => void tell.send().then(onDone)}
      onClose={() => setOpen(false)}
    >
      <label class="field">
        <span>What is it good for?</span>
        <select value={grade} onChange={({ currentTarget }) => setGrade(currentTarget.value)}>
          <option value="">choose…</option>
          {GRADES.map(([value, text]) => (
            <option value={value} key={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label class="field field-wide">
        <span>What it looks like, for the record</span>
        <input value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
      </label>
    </ConfirmForm>
  );
}
