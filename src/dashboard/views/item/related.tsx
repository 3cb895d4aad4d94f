// What else is known of a tag: where books and building differed over it, and what the doors made of it.
import { get } from '../../api/client.ts';
import type { Discrepancy, Page, PassageJson } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { whyOf } from '../../routing.ts';
import { PassageTable } from '../../shared/PassageTable.tsx';
import { wordsOf } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useLoad } from '../../shared/useLoad.ts';

const SHOWN = 20;

export function ItemDiscrepancies({ epc }: { readonly epc: string }) {
  const id = site.value!.site;
  const { value } = useLoad(`${id} ${epc}`, (signal) =>
    get<Page<Discrepancy>>('/v1/discrepancies', { site: id, epc, state: 'all', limit: SHOWN }, signal),
  );
  if (value === undefined || value.items.length === 0) return null;
  return (
    <>
      <h2>Discrepancies</h2>
      <ul class="plain-list">
        {value.items.map((one) => (
          <li key={one.id}>
            <Time at={one.happenedAt} /> <b>{wordsOf(one.kind)}</b>{' '}
            <span class="mark">{one.state === 'open' ? 'open' : `settled by ${one.settledBy ?? 'itself'}`}</span>{' '}
            {one.message} {one.movement !== null && <a href={whyOf(one.movement)}>Why?</a>}
          </li>
        ))}
      </ul>
    </>
  );
}

export function ItemPassages({ epc }: { readonly epc: string }) {
  const id = site.value!.site;
  const { value } = useLoad(`${id} ${epc}`, (signal) =>
    get<Page<PassageJson>>('/v1/passages', { site: id, epc, limit: SHOWN }, signal),
  );
  if (value === undefined || value.items.length === 0) return null;
  return (
    <>
      <h2>At the doors</h2>
      <PassageTable passages={value.items} label="Passages of this item" withoutEpc />
    </>
  );
}
