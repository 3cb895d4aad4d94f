// What went out that does not belong on the load, or belongs on it and went out elsewhere: on top, and live.
import type { Discrepancy } from '../../api/types.ts';
import type { LoadAlarm } from '../../api/work.ts';
import { href, whyOf } from '../../routing.ts';
import { Epc } from '../../shared/Epc.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { Time } from '../../shared/Time.tsx';

/** A discrepancy that changes what is wrong about some load. */
export const isAlarm = ({ kind }: Pick<Discrepancy, 'kind'>): boolean =>
  kind === 'wrong-load' || kind === 'unplanned-ship';

export const Alarms = ({ alarms }: { readonly alarms: readonly LoadAlarm[] }) =>
  alarms.length === 0 ? null : (
    <section class="sheet load-alarms" role="alert" aria-labelledby="alarms">
      <h2 id="alarms">
        <Icon name="alerts" /> Stop the truck
      </h2>
      <ul>
        {alarms.map((alarm) => (
          <li key={alarm.discrepancy}>
            <p class="load-alarm-what">
              {alarm.epc !== null && <Epc epc={alarm.epc} />}
              {alarm.sku !== null && <span class="code">{alarm.sku}</span>}
              <Time at={alarm.happenedAt} ago />
            </p>
            <p>{alarm.message}</p>
            <p class="card-facts">
              {alarm.movement !== null && <a href={whyOf(alarm.movement)}>Why?</a>}
              <a href={href({ view: 'discrepancies', query: {} })}>Settle it</a>
              <span>It ends by itself when the thing comes back through the door.</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
