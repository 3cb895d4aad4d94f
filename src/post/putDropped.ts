// Products and partners that are known no more: whoever listens is told.
import type { PartnerKind } from '../wire/partner.ts';
import type { Queryable } from '../store/database.ts';
import { columns } from './batch.ts';

export interface Dropped {
  readonly kind: 'product' | PartnerKind;
  readonly id: string;
  /** The row of the journal in which it was dropped. */
  readonly offset: number;
}

export async function putDropped(client: Queryable, site: string, gone: readonly Dropped[]): Promise<void> {
  if (gone.length === 0) return;
  await client.query({
    name: 'put-dropped',
    text: `insert into dropped (site, kind, id, journal_offset)
           select $1, u.kind, u.id, u.journal_offset from unnest($2::text[], $3::text[], $4::bigint[]) as u (kind, id, journal_offset)
           on conflict (site, kind, id) do update set journal_offset = excluded.journal_offset`,
    values: [
      site,
      ...columns(
        gone,
        (one) => one.kind,
        (one) => one.id,
        (one) => one.offset,
      ),
    ],
  });
}
