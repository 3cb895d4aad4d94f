// A closed carton and its carrier: booked with one, at what it costs where that can be asked, or taken back.
import { useState } from 'preact/hooks';
import { get, post, urlOf } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { Carriers, Carton, Rates } from '../../api/work.ts';
import { now } from '../../live/clock.ts';
import { timeZone } from '../../live/sites.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { stampText, timeOf } from '../../shared/zone.ts';
import { useLoad } from '../../shared/useLoad.ts';

interface Props {
  readonly carton: Carton;
  readonly onDone: () => void;
}

export const Parcel = (props: Props) =>
  props.carton.parcel !== null ? <Booked {...props} /> : props.carton.state === 'closed' ? <Book {...props} /> : null;

function Booked({ carton: { id, site, state, parcel }, onDone }: Props) {
  const { carrier, service, tracking, bookedAt, leavesBy } = parcel!;
  const { value } = useLoad('carriers', (signal) => get<Carriers>('/v1/carriers', {}, signal));
  const hasLabel = value?.carriers.some((one) => one.id === carrier && one.kind === 'rest') === true;
  const takeBack = useCommand((key) => post<CommandAnswer>(`/v1/cartons/${id}/parcel/void`, { site }, key));
  return (
    <section class="sheet packing-list parcel" aria-label="Carrier">
      <h2>Carrier</h2>
      <p class="parcel-line">
        <b>{carrier}</b>
        {service !== null && <span>{service}</span>}
        <span class="code">{tracking}</span>
        <span class="account-more">
          booked <Time at={bookedAt} ago />
        </span>
        {state === 'closed' && leavesBy !== null && (
          <span class="account-more">
            leaves by <Time at={leavesBy} />
          </span>
        )}
      </p>
      <p class="parcel-line">
        {hasLabel && (
          <a href={urlOf(`/v1/cartons/${id}/parcel/label`, { site })} target="_blank" rel="noreferrer">
            Label of the carrier
          </a>
        )}
        {state === 'closed' && (
          <button
            type="button"
            class="button"
            disabled={takeBack.state.kind === 'sending'}
            onClick={() => void takeBack.send().then(onDone)}
          >
            Take the booking back
          </button>
        )}
      </p>
      {takeBack.state.kind === 'failed' && <Failed fault={takeBack.state.fault} />}
    </section>
  );
}

function Book({ carton: { id, site }, onDone }: Props) {
  const [choice, setChoice] = useState('');
  const [number, setNumber] = useState('');
  const known = useLoad(`carriers ${site}`, (signal) => get<Carriers>('/v1/carriers', { site }, signal));
  const { value: offered } = useLoad(`${site} ${id} rates`, (signal) =>
    get<Rates>(`/v1/cartons/${id}/rates`, { site }, signal),
  );
  const carriers = known.value?.carriers ?? [];
  const [carrier = '', service] = JSON.parse(choice === '' ? '[]' : choice) as string[];
  const isByHand = carriers.some((one) => one.id === carrier && one.kind === 'manual');
  const book = useCommand((key) =>
    post<CommandAnswer>(
      `/v1/cartons/${id}/parcel`,
      { site, carrier, ...(service && { service }), ...(isByHand && number.trim() && { tracking: number.trim() }) },
      key,
    ),
  );
  if (carriers.length === 0) return null;
  return (
    <section class="sheet packing-list parcel" aria-label="Carrier">
      <h2>Carrier</h2>
      <form
        class="order-scan"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (carrier !== '') void book.send().then(onDone);
        }}
      >
        <label class="field">
          <span>Who takes it</span>
          <select value={choice} onChange={({ currentTarget }) => setChoice(currentTarget.value)}>
            <option value="">choose…</option>
            {offered?.rates.map((rate) => (
              <option value={JSON.stringify([rate.carrier, rate.service])} key={`${rate.carrier} ${rate.service}`}>
                {rate.carrier} {rate.service}, {numberText(rate.price)} {rate.currency ?? ''}
                {until(rate.leavesBy)}
              </option>
            ))}
            {servicesOf(carriers).map((one) => (
              <option
                value={JSON.stringify([one.carrier, ...(one.service === undefined ? [] : [one.service])])}
                key={`${one.carrier} ${one.service ?? ''}`}
              >
                {one.carrier} {one.service ?? ''}
                {until(one.leavesBy)}
              </option>
            ))}
          </select>
        </label>
        {isByHand && (
          <label class="field">
            <span>Its number, if there is one</span>
            <input value={number} onInput={({ currentTarget }) => setNumber(currentTarget.value)} autocomplete="off" />
          </label>
        )}
        <button type="submit" class="button" disabled={carrier === '' || book.state.kind === 'sending'}>
          <Icon name="out" /> Book it
        </button>
      </form>
      {offered?.failed.map((one) => (
        <p class="packing-missing" key={one.carrier}>
          {one.message}
        </p>
      ))}
      {book.state.kind === 'failed' && <Failed fault={book.state.fault} />}
    </section>
  );
}

/** `, until 16:00`, by the clock of the site. */
const until = (leavesBy: string | null): string =>
  leavesBy === null ? '' : `, until ${stampText(timeOf(leavesBy), timeZone.value, now.peek())}`;

interface Offered {
  readonly carrier: string;
  readonly service: string | undefined;
  readonly leavesBy: string | null;
}

/** What may be booked with carriers that cannot be asked for rates: each of their services, or whatever they do. */
const servicesOf = (carriers: Carriers['carriers']): Offered[] =>
  carriers
    .filter(({ can }) => !can.includes('rates'))
    .flatMap(({ id: carrier, services, leavesBy }): Offered[] =>
      services.length === 0
        ? [{ carrier, service: undefined, leavesBy }]
        : services.map((one) => ({ carrier, service: one.id, leavesBy: one.leavesBy })),
    );
