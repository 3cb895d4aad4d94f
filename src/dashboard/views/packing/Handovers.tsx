// What waits for each carrier: its list, and the word that it has taken everything, which ships it. Nothing where there are no carriers.
import { useEffect } from 'preact/hooks';
import { get, post, urlOf } from '../../api/client.ts';
import type { CommandAnswer, Page } from '../../api/types.ts';
import type { Carriers, Carton } from '../../api/work.ts';
import { site } from '../../live/sites.ts';
import { onLive } from '../../live/stream.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { countText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';
import { useLoad } from '../../shared/useLoad.ts';

const LOOKED_AT_MAX = 1000;

export function Handovers() {
  const siteId = site.value!.site;
  const known = useLoad('carriers', (signal) => get<Carriers>('/v1/carriers', {}, signal));
  const { value, reload } = useLoad(`${siteId} closed cartons`, (signal) =>
    get<Page<Carton>>('/v1/cartons', { site: siteId, state: 'closed', limit: LOOKED_AT_MAX }, signal),
  );
  useEffect(() => onLive(({ carton }) => carton.length > 0 && reload()), [reload]);
  const waiting = (known.value?.carriers ?? [])
    .map(({ id }) => ({ id, count: value?.items.filter(({ parcel }) => parcel?.carrier === id).length ?? 0 }))
    .filter(({ count }) => count > 0);
  if (waiting.length === 0) return null;
  return (
    <section class="sheet packing-list proposal" aria-label="Waiting for carriers">
      <h2>Waiting for carriers</h2>
      <ul>
        {waiting.map(({ id, count }) => (
          <Waiting id={id} count={count} key={id} />
        ))}
      </ul>
    </section>
  );
}

function Waiting({ id, count }: { readonly id: string; readonly count: number }) {
  const siteId = site.value!.site;
  const handOver = useCommand((key) => post<CommandAnswer>('/v1/handovers', { site: siteId, carrier: id }, key));
  return (
    <li>
      <b>{id}</b>
      <span>{countText(count, 'carton')}</span>
      <a href={urlOf('/v1/manifests', { site: siteId, carrier: id })} download>
        List (CSV)
      </a>
      <button
        type="button"
        class="button"
        disabled={handOver.state.kind === 'sending'}
        onClick={() => void handOver.send()}
      >
        <Icon name="out" /> Handed over
      </button>
      {handOver.state.kind === 'failed' && <Failed fault={handOver.state.fault} />}
    </li>
  );
}
