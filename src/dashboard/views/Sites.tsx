// The site as it was loaded: its locations as they nest, its read points with their antennas.
import type { ReadPoint } from '../api/types.ts';
import { site, sites } from '../live/sites.ts';
import { href } from '../routing.ts';
import { Empty } from '../shared/states.tsx';
import { countText, wordsOf } from '../shared/text.ts';
import { nested } from './stock/tree.ts';

export function Sites() {
  const plan = site.value!;
  const locations = nested(plan.locations);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <p class="page-kind">
          {plan.kind} · {plan.timeZone}
        </p>
        <h1 id="title" tabIndex={-1}>
          {plan.site}, {plan.name}
        </h1>
      </header>
      <OtherSites present={plan.site} />
      <h2>Read points</h2>
      {plan.readPoints.length === 0 ? (
        <Empty icon="sites" title="No read points" />
      ) : (
        <ul class="cards">
          {plan.readPoints.map((point) => (
            <Point point={point} key={point.id} />
          ))}
        </ul>
      )}
      <h2>Locations</h2>
      <table class="ledger locations" aria-label="Locations">
        <thead>
          <tr>
            <th scope="col">Location</th>
            <th scope="col">Kind</th>
            <th scope="col">Stock</th>
          </tr>
        </thead>
        <tbody>
          {locations.map(({ id, kind, depth }) => (
            <tr key={id} class={`depth-${Math.min(depth, 4)}`}>
              <th scope="row" class="code">
                {id}
              </th>
              <td>{wordsOf(kind)}</td>
              <td>
                <a href={href({ view: 'stock', query: { location: id } })}>
                  look<span class="off-screen"> at the stock in {id}</span>
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function OtherSites({ present }: { readonly present: string }) {
  const others = sites.value!.filter((one) => one.site !== present);
  if (others.length === 0) return null;
  return (
    <>
      <h2>Other sites</h2>
      <ul class="cards">
        {others.map((one) => (
          <li class="sheet card" key={one.site}>
            <p class="card-head">
              <a class="card-kind" href={href({ site: one.site, view: 'sites', query: {} })}>
                {one.site}, {one.name}
              </a>
              <span class="mark">{one.kind}</span>
            </p>
            <p class="card-facts">
              <span>{one.timeZone}</span>
              <span>{countText(one.readPoints.length, 'read point')}</span>
              <span>{countText(one.locations.length, 'location')}</span>
              <a href={href({ site: one.site, view: 'stock', query: {} })}>Stock</a>
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

const Point = ({ point: { id, kind, outside, inside, location, antennas } }: { readonly point: ReadPoint }) => (
  <li class="sheet card">
    <p class="card-head">
      <span class="card-kind code">{id}</span>
      <span class="mark">{kind}</span>
    </p>
    <p class="card-text">
      {kind === 'portal'
        ? `${outside} outside, ${inside} inside`
        : `${kind === 'station' ? 'at' : 'over'} ${location ?? ''}`}
    </p>
    {antennas.length > 0 && (
      <ul class="antennas">
        {antennas.map(({ reader, antenna, side }) => (
          <li key={`${reader} ${antenna}`}>
            <span class="code">
              {reader}/{antenna}
            </span>{' '}
            {side}
          </li>
        ))}
      </ul>
    )}
  </li>
);
