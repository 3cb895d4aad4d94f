// Two days of the simulated week (simulators/week) in the real service: the journals of two warehouses and a 3PL, with Postgres, read by the
// engine as after an outage. Its books are what was read and scanned, its figures what truly was done, and derived again it is the same.
import { beforeAll, describe, expect, it } from 'vitest';
import { dockHours, trueFigures } from '../../simulators/week/figures.ts';
import { runWeek } from '../../simulators/week/run.ts';
import { THIRD_PARTY, WAREHOUSES, weekSites } from '../../simulators/week/sites.ts';
import { DAY_MS, WEEK_AT } from '../../simulators/week/times.ts';
import { openJournal, type Entry } from '../../src/intake/journal.ts';
import { digest64, sha256Hex } from '../../src/kit/ids.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { encodeContent } from '../../src/wire/content.ts';
import type { Row } from '../../src/wire/row.ts';
import { done, iso, pages } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { openPool } from '../../src/store/database.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { openDatabase } from '../support/database.ts';
import { openWeekMachine } from '../support/scored.ts';

const DAYS = 2;
const SITES = [...WAREHOUSES, THIRD_PARTY];

/** A row as whoever appended it would have: gateways, people, the service itself, and the commits of other sites. */
function entryOf(row: Row): Entry {
  const { site, offset, receivedAt } = row;
  const head = { site, epoch: '', seq: BigInt(offset), counts: false, receivedAt };
  if (row.kind === 'tick') return { ...head, gateway: 'service', digest: BigInt(offset), kind: 'tick' };
  if (row.kind === 'entries') {
    const { gateway, entries, sentAt } = row;
    return { ...head, gateway, digest: digest64(encodeContent({ entries, sentAt })), kind: 'entries', entries, sentAt };
  }
  const { key, actor, command } = row;
  const isNotice = actor.startsWith('site ');
  return {
    ...head,
    gateway: isNotice ? actor : 'api',
    ...(isNotice ? { seq: BigInt(`0x${sha256Hex(key).slice(0, 16)}`) >> 1n } : {}),
    digest: digest64(Buffer.from(JSON.stringify(command))),
    kind: 'command',
    content: { key, actor, command },
  };
}

const rows: Row[] = [];
const week = runWeek({
  seed: 1,
  level: 'clean',
  days: DAYS,
  openMachine: openWeekMachine,
  onRow: (row) => rows.push(row),
});

let service: TestService;
beforeAll(async () => {
  const database = await openDatabase(closeAfterFile);
  const pool = openPool({ url: database.url, name: 'test week', max: 1, onError: () => {} });
  const journal = openJournal(pool, createLog({ style: 'silent' }));
  for (let from = 0; from < rows.length; from += 500) await journal.append(rows.slice(from, from + 500).map(entryOf));
  await pool.end();
  service = await openService({ sites: weekSites(), filled: database, config: { journalDays: 36_500 } });
  for (const site of SITES) await service.posted(site);
}, 120_000);

interface Stock {
  readonly location: string;
  readonly sku: string;
  readonly lot: string | null;
  readonly status: string;
  readonly quantity: number;
}

describe('two working days', () => {
  it.each(SITES)('leave at %s the stock that was read and scanned', async (site) => {
    const items = await pages<Stock>(service, '/v1/stock', { site, limit: 500 });
    const books = new Map<string, number>();
    for (const { location, sku, lot, status, quantity } of items) {
      const key = `${location}|${sku}|${lot ?? ''}|${status}`;
      books.set(key, (books.get(key) ?? 0) + quantity);
    }
    const { items: known } = week.plant.site(site).books;
    expect(Object.fromEntries(books)).toEqual(
      Object.fromEntries(
        [...week.truth.known(site, (epc) => known.get(epc)?.location)].filter(([, quantity]) => quantity !== 0),
      ),
    );
  });

  it.each(WAREHOUSES)('lead at %s to the figures of what truly was done', async (site) => {
    const until = WEEK_AT + DAYS * DAY_MS;
    const figures = trueFigures(week.facts, site, until);
    const found = done(await service.get('/v1/kpis', { site, from: iso(WEEK_AT), to: iso(until) })).sites[0];
    expect(found).toMatchObject({
      picking: figures.picking,
      fill: { units: figures.fill },
      receiving: { suppliers: figures.suppliers },
      accuracy: figures.records,
    });
    // On the first day everything comes with a delivery.
    const hours = dockHours(week.facts, site, WEEK_AT + DAY_MS);
    const first = done(await service.get('/v1/kpis', { site, from: iso(WEEK_AT), to: iso(WEEK_AT + DAY_MS) })).sites[0];
    expect(first.dockToStock.receipts).toBe(hours.length);
    expect(first.dockToStock.medianHours).toBeCloseTo(
      (hours[(hours.length - 1) >> 1]! + hours[hours.length >> 1]!) / 2,
      1,
    );
  });

  it.each(SITES)(
    'are the same at %s when they are derived again',
    async (site) => {
      const log = createLog({ style: 'silent' });
      const { differences } = await verifySite(
        service.database.url,
        site,
        openJournal(service.database.pool, log),
        log,
      );
      expect(differences).toEqual([]);
    },
    60_000,
  );
});
