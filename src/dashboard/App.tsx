// The frame: bar, navigation, the view that the address names, and the evidence laid over it when the address asks why.
import { useEffect, useRef } from 'preact/hooks';
import { watchOpenWork } from './live/openWork.ts';
import { site, sites, sitesFault } from './live/sites.ts';
import { href, route, type ViewName } from './routing.ts';
import { Bar } from './shell/Bar.tsx';
import { ConnectionNotice } from './shell/ConnectionNotice.tsx';
import { Navigation } from './shell/Navigation.tsx';
import { TrainingMark } from './shell/TrainingMark.tsx';
import { Empty, Failed, Loading } from './shared/states.tsx';
import { VIEW_TITLES } from './shell/titles.ts';
import { Alerts } from './views/Alerts.tsx';
import { Counts } from './views/Counts.tsx';
import { Discrepancies } from './views/Discrepancies.tsx';
import { Evidence } from './views/Evidence.tsx';
import { WhyMovement } from './views/evidence/WhyMovement.tsx';
import { WhyPassage } from './views/evidence/WhyPassage.tsx';
import { Figures } from './views/Figures.tsx';
import { Gaps } from './views/Gaps.tsx';
import { Gateways } from './views/Gateways.tsx';
import { Health } from './views/Health.tsx';
import { Inbounds } from './views/Inbounds.tsx';
import { ItemPage } from './views/Item.tsx';
import { Loads } from './views/Loads.tsx';
import { Movements } from './views/Movements.tsx';
import { Orders } from './views/Orders.tsx';
import { Overview } from './views/Overview.tsx';
import { Packing } from './views/Packing.tsx';
import { Passages } from './views/Passages.tsx';
import { Phantoms } from './views/Phantoms.tsx';
import { Products } from './views/Products.tsx';
import { Quarantine } from './views/Quarantine.tsx';
import { Review } from './views/Review.tsx';
import { Sites } from './views/Sites.tsx';
import { Partners } from './views/Partners.tsx';
import { Transfers } from './views/Transfers.tsx';
import { Stock } from './views/Stock.tsx';
import { Tasks } from './views/Tasks.tsx';

const VIEW: Readonly<Record<ViewName, () => preact.JSX.Element | null>> = {
  overview: Overview,
  inbounds: Inbounds,
  orders: Orders,
  loads: Loads,
  tasks: Tasks,
  packing: Packing,
  products: Products,
  counts: Counts,
  transfers: Transfers,
  partners: Partners,
  stock: Stock,
  movements: Movements,
  passages: Passages,
  items: ItemPage,
  figures: Figures,
  alerts: Alerts,
  review: Review,
  discrepancies: Discrepancies,
  phantoms: Phantoms,
  quarantine: Quarantine,
  gaps: Gaps,
  gateways: Gateways,
  health: Health,
  sites: Sites,
};

export function App() {
  const { view, part } = route.value;
  const { why, passage } = route.value.query;
  const isAsking = (why ?? passage) !== undefined && site.value !== undefined;
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(watchOpenWork, []);
  useEffect(() => {
    document.title = [VIEW_TITLES[view], site.value?.site, 'Tallygate'].filter(Boolean).join(' · ');
    // A reader of the page is told that it is another one; at first the page itself is what there is to read.
    if (!isFirst.current) {
      main.current?.querySelector('h1')?.focus();
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [view, part]);
  return (
    <>
      <a class="skip" href="#main" onClick={(pressed) => skipTo(pressed, main.current)}>
        Skip to content
      </a>
      <Bar />
      <div class={isAsking ? 'frame frame-why' : 'frame'}>
        <Navigation />
        <main id="main" ref={main} tabIndex={-1}>
          {site.value?.training === true && <TrainingMark />}
          <View />
        </main>
        {isAsking && (
          <Evidence>
            {why === undefined ? (
              <WhyPassage passage={passage!} key={passage} />
            ) : (
              <WhyMovement movement={why} key={why} />
            )}
          </Evidence>
        )}
      </div>
      <ConnectionNotice />
    </>
  );
}

// The address is taken: an anchor of its own would be read as a route.
function skipTo(pressed: Event, target: HTMLElement | null): void {
  pressed.preventDefault();
  target?.focus();
}

function View() {
  const known = sites.value;
  if (known === undefined) return sitesFault.value === undefined ? <Loading /> : <Failed fault={sitesFault.value} />;
  if (known.length === 0) {
    return (
      <Empty icon="sites" title="No site yet">
        Put a site file into config/sites, or load one with PUT /v1/sites; this page notices.
      </Empty>
    );
  }
  if (site.value === undefined) {
    if (route.value.site === undefined) return <Loading />;
    return (
      <Empty icon="sites" title={`There is no site ${route.value.site}`}>
        <a href={href({ site: known[0]!.site, view: 'overview' })}>Go to {known[0]!.site}</a>
      </Empty>
    );
  }
  const Shown = VIEW[route.value.view];
  return <Shown key={`${site.value.site} ${route.value.view} ${route.value.part ?? ''}`} />;
}
