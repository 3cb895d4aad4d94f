// What a wall screen shows all day: what waits for a person, the doors as they are read, and the ledger as it is written.
import { useEffect } from 'preact/hooks';
import { watchRecent } from '../live/movements.ts';
import { site } from '../live/sites.ts';
import { Empty } from '../shared/states.tsx';
import { Counters } from './overview/Counters.tsx';
import { Door } from './overview/Door.tsx';
import { Ticker } from './overview/Ticker.tsx';
import { Zones } from './overview/Zones.tsx';

export function Overview() {
  useEffect(watchRecent, []);
  const plan = site.value!;
  const portals = plan.readPoints.filter(({ kind }) => kind === 'portal');
  const others = plan.readPoints.filter(({ kind }) => kind !== 'portal');
  return (
    <div class="overview">
      <h1 class="off-screen" tabIndex={-1}>
        Overview of {plan.name}
      </h1>
      <Counters />
      <section class="doors" aria-label="Doors">
        {portals.map((point) => (
          <Door point={point} key={point.id} />
        ))}
        {portals.length === 0 && <Empty icon="sites" title="This site has no portal" />}
      </section>
      {others.length > 0 && <Zones points={others} />}
      <Ticker />
    </div>
  );
}
