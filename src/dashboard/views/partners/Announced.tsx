// What customers said that they send back: how much of each return is here, what came of it without tags as somebody says it, and its end.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { AnnouncedReturn } from '../../api/partners.ts';
import type { CommandAnswer } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { onLive } from '../../live/stream.ts';
import { href } from '../../routing.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { More } from '../../shared/More.tsx';
import { Empty, Failed, Loading } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { usePages } from '../../shared/usePages.ts';
import { NewAnnouncement } from './NewAnnouncement.tsx';
import { reasonText } from './reasons.ts';

const STATE = {
  open: 'to come',
  received: 'all here',
  closed: 'done',
} as const satisfies Readonly<Record<AnnouncedReturn['state'], string>>;

export function Announced() {
  const list = usePages<AnnouncedReturn>('/v1/announced-returns', { site: site.value!.site });
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ announcement }) => announcement.length > 0 && reload()), [reload]);
  return (
    <>
      <NewAnnouncement />
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={6} />}
      {items?.length === 0 && (
        <Empty icon="partners" title="No return is announced">
          What a customer says that it sends back stands here; a door that sees it come, or a scan, counts it.
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card back={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="return" />
    </>
  );
}

const Card = ({ back }: { readonly back: AnnouncedReturn }) => (
  <li class="sheet card return-card">
    <p class="card-head">
      <span class="card-kind code">{back.id}</span>
      <span class="mark">{STATE[back.state]}</span>
      <span class="card-supplier">{back.customer}</span>
    </p>
    <table class="ledger" aria-label={`Lines of ${back.id}`}>
      <tbody>
        {back.lines.map((line) => (
          <tr class="line" key={line.line}>
            <th scope="row">
              <a class="code" href={href({ view: 'stock', query: { sku: line.sku } })}>
                {line.sku}
              </a>
              {line.lot !== null && ` lot ${line.lot}`}
            </th>
            <td>{reasonText(line.because)}</td>
            <td class="number">
              <b>{numberText(line.received)}</b> of {numberText(line.quantity)}
            </td>
            <td>
              {line.over > 0 && <span class="mark mark-bad">{numberText(line.over)} over</span>}
              {line.short > 0 && back.state === 'closed' && (
                <span class="mark mark-bad">{numberText(line.short)} never came</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    <p class="card-facts">
      {back.order !== null && (
        <span>
          sent with <a href={href({ view: 'orders', part: back.order, query: {} })}>{back.order}</a>
        </span>
      )}
      {back.expectedBy !== null && (
        <span>
          here by <Time at={back.expectedBy} />
        </span>
      )}
      <span>by {back.by}</span>
      <Time at={back.createdAt} only />
    </p>
    {back.state !== 'closed' && <Acts back={back} />}
  </li>
);

function Acts({ back }: { readonly back: AnnouncedReturn }) {
  const [act, setAct] = useState<'receive' | 'close' | undefined>(undefined);
  if (act === 'receive') return <Receive back={back} onClose={() => setAct(undefined)} />;
  if (act === 'close') return <Close back={back} onClose={() => setAct(undefined)} />;
  return (
    <div class="confirm-buttons">
      <button type="button" class="button" onClick={() => setAct('receive')}>
        <Icon name="in" /> It has come…
      </button>
      <button type="button" class="button" onClick={() => setAct('close')}>
        <Icon name="tick" /> No more of it…
      </button>
    </div>
  );
}

interface ActProps {
  readonly back: AnnouncedReturn;
  readonly onClose: () => void;
}

/** So much of a line without tags has come; what has tags is seen by the door, or scanned here. */
function Receive({ back, onClose }: ActProps) {
  const first = back.lines.find(({ short }) => short > 0) ?? back.lines[0]!;
  const [line, setLine] = useState(first.line);
  const [quantity, setQuantity] = useState(String(first.short || 1));
  const [tag, setTag] = useState('');
  const [location, setLocation] = useState('');
  const chosen = back.lines.find((one) => one.line === line)!;
  const isTagged = chosen.epcs.length > 0;
  const what = isTagged ? { epcs: [tag.trim()] } : { line, quantity: Number(quantity) };
  const path = `/v1/announced-returns/${encodeURIComponent(back.id)}/goods`;
  const tell = useCommand((key) =>
    post<CommandAnswer>(path, { site: back.site, location: location.trim(), ...what }, key),
  );
  useEffect(() => {
    if (tell.state.kind === 'done') onClose();
  }, [tell.state]);
  return (
    <ConfirmForm
      icon="in"
      text="It has come"
      doing="Telling…"
      isSending={tell.state.kind === 'sending'}
      isIncomplete={location.trim() === '' || (isTagged ? tag.trim() === '' : !(Number(quantity) > 0))}
      fault={tell.state.kind === 'failed' ? tell.state.fault : undefined}
      onSend={() => void tell.send()}
      onClose={onClose}
    >
      <label class="field">
        <span>Line</span>
        <select value={line} onChange={({ currentTarget }) => setLine(currentTarget.value)}>
          {back.lines.map((one) => (
            <option value={one.line} key={one.line}>
              {one.line}: {one.sku}
            </option>
          ))}
        </select>
      </label>
      {isTagged ? (
        <label class="field">
          <span>Its tag (EPC): what a door sees counts by itself</span>
          <input value={tag} onInput={({ currentTarget }) => setTag(currentTarget.value)} autocomplete="off" />
        </label>
      ) : (
        <label class="field">
          <span>How much</span>
          <input
            inputMode="decimal"
            value={quantity}
            onInput={({ currentTarget }) => setQuantity(currentTarget.value)}
            autocomplete="off"
          />
        </label>
      )}
      <label class="field">
        <span>Where it lies now: scan or type a place</span>
        <input value={location} onInput={({ currentTarget }) => setLocation(currentTarget.value)} autocomplete="off" />
      </label>
    </ConfirmForm>
  );
}

function Close({ back, onClose }: ActProps) {
  const path = `/v1/announced-returns/${encodeURIComponent(back.id)}/closing`;
  const close = useCommand((key) => post<CommandAnswer>(path, { site: back.site }, key));
  const short = back.lines.reduce((sum, line) => sum + line.short, 0);
  return (
    <ConfirmForm
      icon="tick"
      text="No more of it comes"
      doing="Closing…"
      isSending={close.state.kind === 'sending'}
      fault={close.state.kind === 'failed' ? close.state.fault : undefined}
      onSend={() => void close.send()}
      onClose={onClose}
    >
      <p class="confirm-what">
        {short === 0 ? 'All of it is here.' : `${numberText(short)} of it never came: ${back.customer} has them still.`}
      </p>
    </ConfirmForm>
  );
}
