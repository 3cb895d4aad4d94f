// A door is booked for a truck: which one, from when, for how long, and what it brings or takes.
import { useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import type { CommandAnswer } from '../api/types.ts';
import { now } from '../live/clock.ts';
import { site } from '../live/sites.ts';
import { ConfirmForm } from './ConfirmForm.tsx';
import { Icon } from './Icon.tsx';
import { useCommand } from './useCommand.ts';

const MINUTE_MS = 60_000;
/** What a visit takes when nobody says otherwise, minutes. */
const LASTS_MINUTES = 60;
const LASTS = [15, 30, 45, 60, 90, 120, 180, 240] as const;

interface Props {
  readonly direction: 'in' | 'out';
}

export function BookDoor({ direction }: Props) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <Form direction={direction} onClose={() => setOpen(false)} />;
  return (
    <div>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        <Icon name="clock" /> Book a door…
      </button>
    </div>
  );
}

function Form({ direction, onClose }: Props & { readonly onClose: () => void }) {
  const doors = site.value!.readPoints.filter(({ kind }) => kind === 'portal');
  const [door, setDoor] = useState(doors[0]?.id ?? '');
  const [start, setStart] = useState(nextHour);
  const [minutes, setMinutes] = useState<number>(LASTS_MINUTES);
  const [what, setWhat] = useState('');
  const [carrier, setCarrier] = useState('');
  const from = new Date(start).getTime();
  const body = {
    site: site.value!.site,
    id: `${door}.${start.replace(/\D/g, '')}`,
    door,
    direction,
    ...(Number.isNaN(from)
      ? {}
      : { from: new Date(from).toISOString(), to: new Date(from + minutes * MINUTE_MS).toISOString() }),
    ...(what.trim() === '' ? {} : { [direction === 'in' ? 'inbound' : 'load']: what.trim() }),
    ...(carrier.trim() === '' ? {} : { carrier: carrier.trim() }),
  };
  const book = useCommand((key) => post<CommandAnswer>('/v1/appointments', body, key));
  const { state } = book;
  return (
    <div class="sheet load-new">
      <ConfirmForm
        icon="clock"
        text="Book it"
        doing="Booking…"
        cancel="Close"
        isSending={state.kind === 'sending'}
        isIncomplete={door === '' || Number.isNaN(from)}
        fault={state.kind === 'failed' ? state.fault : undefined}
        onSend={() => void book.send()}
        onClose={onClose}
      >
        <div class="load-fields">
          <label class="field">
            <span>Door</span>
            <select value={door} onChange={({ currentTarget }) => setDoor(currentTarget.value)}>
              {doors.map(({ id }) => (
                <option value={id} key={id}>
                  {id}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>From, by the clock of this device</span>
            <input type="datetime-local" value={start} onInput={({ currentTarget }) => setStart(currentTarget.value)} />
          </label>
          <label class="field">
            <span>For, minutes</span>
            <select value={minutes} onChange={({ currentTarget }) => setMinutes(Number(currentTarget.value))}>
              {LASTS.map((one) => (
                <option value={one} key={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>{direction === 'in' ? 'Document that it brings' : 'Load that it takes'}</span>
            <input value={what} onInput={({ currentTarget }) => setWhat(currentTarget.value)} autocomplete="off" />
          </label>
          <label class="field">
            <span>Carrier</span>
            <input
              value={carrier}
              onInput={({ currentTarget }) => setCarrier(currentTarget.value)}
              autocomplete="off"
            />
          </label>
        </div>
        {state.kind === 'done' && <p role="status">The door is booked.</p>}
      </ConfirmForm>
    </div>
  );
}

/** The next full hour, as an input of that kind writes it. */
function nextHour(): string {
  const date = new Date(Math.ceil(now.value / (60 * MINUTE_MS)) * 60 * MINUTE_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:00`;
}
