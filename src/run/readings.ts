// What every antenna reads just now, once a second, for whoever looks at the live page: not in the ledger, only told.
import type { Subject } from 'rxjs';
import type { Logger } from '../kit/log.ts';
import { messageOf } from '../kit/faults.ts';
import { READS_CHANNEL } from '../api/feed.ts';
import type { Pool } from '../store/database.ts';
import { planOf, type Sites } from './sites.ts';
import type { Row } from '../wire/row.ts';

const EVERY_MS = 1000;
/** A notification holds less than 8,000 bytes. */
const PAYLOAD_BYTES_MAX = 7500;

interface Reading {
  reads: number;
  readonly tags: Set<string>;
  bestDbm: number;
}

export function tellReadings(
  rows$: Subject<readonly Row[]>,
  sites: Sites,
  pool: Pool,
  log: Logger,
): { readonly stop: () => void } {
  const bySite = new Map<string, Map<string, Reading>>();
  const subscription = rows$.subscribe((rows) => {
    for (const row of rows) if (row.kind === 'entries') count(bySite, row.site, row.entries.reads);
  });
  const timer = setInterval(() => {
    for (const [site, readings] of bySite) {
      bySite.delete(site);
      const plan = sites.bySite.get(site);
      if (plan === undefined || readings.size === 0) continue;
      const payload = payloadOf(site, readings, planOf(plan));
      if (payload.length > PAYLOAD_BYTES_MAX) continue;
      pool
        .query('select pg_notify($1, $2)', [READS_CHANNEL, payload])
        .catch((error: unknown) => log.debug({ reason: messageOf(error) }, 'live reads were not told'));
    }
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      subscription.unsubscribe();
    },
  };
}

function count(
  bySite: Map<string, Map<string, Reading>>,
  site: string,
  reads: Extract<Row, { kind: 'entries' }>['entries']['reads'],
): void {
  let readings = bySite.get(site);
  if (readings === undefined) bySite.set(site, (readings = new Map()));
  for (let index = 0; index < reads.length; index++) {
    const { reader, antenna } = reads.sources[reads.source[index]!]!;
    const key = `${reader}\n${antenna}`;
    let reading = readings.get(key);
    if (reading === undefined)
      readings.set(key, (reading = { reads: 0, tags: new Set(), bestDbm: Number.NEGATIVE_INFINITY }));
    reading.reads++;
    reading.tags.add(reads.epc[index]!);
    const rssiDbm = reads.rssiDbm[index]!;
    if (rssiDbm > reading.bestDbm) reading.bestDbm = rssiDbm;
  }
}

function payloadOf(site: string, readings: ReadonlyMap<string, Reading>, plan: ReturnType<typeof planOf>): string {
  const antennas = [...readings].map(([key, { reads, tags, bestDbm }]) => {
    const [reader = '', antenna = ''] = key.split('\n');
    const known = plan.antennaOf({ reader, antenna: Number(antenna) });
    return {
      readPoint: known === undefined ? null : plan.readPoints[known.readPoint]!.id,
      reader,
      antenna: Number(antenna),
      side: known?.side ?? null,
      reads,
      tags: tags.size,
      bestDbm: Number.isFinite(bestDbm) ? bestDbm : null,
    };
  });
  return JSON.stringify({ site, antennas });
}
