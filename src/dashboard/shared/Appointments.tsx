// Trucks at the doors: who is to come when, who is here, who is late and who has not come; booked, and told to have come or left, from here.
import { useEffect } from 'preact/hooks';
import type { Appointment } from '../api/appointments.ts';
import { post } from '../api/client.ts';
import type { CommandAnswer } from '../api/types.ts';
import { now } from '../live/clock.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { href } from '../routing.ts';
import { BookDoor } from './BookDoor.tsx';
import { Icon, type IconName } from './Icon.tsx';
import { More } from './More.tsx';
import { Failed } from './states.tsx';
import { countText } from './text.ts';
import { Time } from './Time.tsx';
import { useCommand } from './useCommand.ts';
import { usePages } from './usePages.ts';

const PUNCTUALITY: Readonly<Record<NonNullable<Appointment['punctuality']>, { text: string; icon: IconName }>> = {
  due: { text: 'to come', icon: 'clock' },
  'on-time': { text: 'in time', icon: 'tick' },
  late: { text: 'late', icon: 'discrepancies' },
  'no-show': { text: 'has not come', icon: 'cross' },
};

/** How often who is late is asked again, ms. */
const LOOK_EVERY_MS = 60_000;

/** Those of one direction that are to come, or here. */
export function Appointments({ direction }: { readonly direction: Appointment['direction'] }) {
  const list = usePages<Appointment>('/v1/appointments', { site: site.value!.site, direction, state: 'open' });
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ appointment }) => appointment.length > 0 && reload()), [reload]);
  const minute = Math.floor(now.value / LOOK_EVERY_MS);
  useEffect(reload, [minute, reload]);
  return (
    <section class="gate" aria-labelledby="doors">
      <h2 id="doors">At the doors</h2>
      <BookDoor direction={direction} />
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items !== undefined && items.length > 0 && (
        <ul class="gate-list">
          {items.map((one) => (
            <Line appointment={one} key={one.id} />
          ))}
        </ul>
      )}
      <More {...list} shown={items?.length ?? 0} what="appointment" />
    </section>
  );
}

function Line({ appointment: one }: { readonly appointment: Appointment }) {
  const isHere = one.state === 'arrived';
  const { text, icon } = PUNCTUALITY[one.punctuality ?? 'due'];
  const isBad = one.punctuality === 'late' || one.punctuality === 'no-show';
  return (
    <li class="sheet gate-line">
      <b class="code gate-door">{one.door}</b>
      <span>
        <Time at={one.from} /> to <Time at={one.to} />
      </span>
      <span class={isBad ? 'mark mark-bad' : 'mark'}>
        <Icon name={icon} /> {isHere && 'here, '}
        {text}
        {one.punctuality === 'late' && `, ${countText(one.lateMinutes, 'minute')}`}
      </span>
      <span class="gate-what">
        <span class="code">{one.id}</span>
        {one.inbound !== null && (
          <a class="code" href={href({ view: 'inbounds', part: one.inbound, query: {} })}>
            {one.inbound}
          </a>
        )}
        {one.load !== null && (
          <a class="code" href={href({ view: 'loads', part: one.load, query: {} })}>
            {one.load}
          </a>
        )}
        {one.carrier !== null && <span>{one.carrier}</span>}
        {one.note !== null && <span>{one.note}</span>}
      </span>
      <Acts appointment={one} />
    </li>
  );
}

function Acts({ appointment: { id, site: siteId, state } }: { readonly appointment: Appointment }) {
  const path = `/v1/appointments/${encodeURIComponent(id)}`;
  const say = (what: string) => (key: string) => post<CommandAnswer>(`${path}/${what}`, { site: siteId }, key);
  const arrive = useCommand(say('arrival'));
  const leave = useCommand(say('departure'));
  const cancel = useCommand(say('cancellation'));
  const isBusy = [arrive, leave, cancel].some((one) => one.state.kind === 'sending');
  const failed = [arrive, leave, cancel].map((one) => one.state).find(({ kind }) => kind === 'failed');
  return (
    <span class="gate-acts">
      {state === 'booked' ? (
        <>
          <button type="button" class="button button-main" disabled={isBusy} onClick={() => void arrive.send()}>
            <Icon name="tick" /> It is here
          </button>
          <button type="button" class="button" disabled={isBusy} onClick={() => void cancel.send()}>
            Cancel it
          </button>
        </>
      ) : (
        <button type="button" class="button" disabled={isBusy} onClick={() => void leave.send()}>
          <Icon name="out" /> It has left
        </button>
      )}
      {failed?.kind === 'failed' && <Failed fault={failed.fault} />}
    </span>
  );
}
