// What must be so in the end, whatever happened to service and broker.
import { expect } from 'vitest';
import type { Pool } from '../../src/store/database.ts';
import type { PromisedSender } from './promisedSender.ts';

/** Everything that was sent has its receipt and is in the journal, once. */
export async function expectEverything(database: Pool, site: string, sender: PromisedSender): Promise<void> {
  const { rows } = await database.query<{ seq: number }>(
    `select j.seq from journal j join stream s using (site, stream) where s.site = $1 and s.gateway = 'gw-1' order by 1`,
    [site],
  );
  const seqs = rows.map(({ seq }) => seq);
  expect(sender.promised()).toBe(sender.sent());
  expect(seqs).toEqual(Array.from({ length: sender.sent() }, (_, index) => index + 1));
  expect((await database.query('select code from quarantine')).rows).toEqual([]);
}
