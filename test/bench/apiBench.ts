// `npm run bench:api`: how quickly the API answers over a large ledger on this machine. A database of its own (embedded Postgres, real
// schema) is filled first (fillLedger.ts); then each question is asked over HTTP again and again, each time of something else, first a few
// times unmeasured. Postgres, API and who asks share the machine, and whatever else runs there: figures are upper bounds.
//   npm run bench:api -- [--rows 10000000] [--times 200] [--only TEXT] [--json] [--keep FOLDER]
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openApi } from '../../src/api/open.ts';
import type { SiteFile } from '../../src/config/site.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';
import { random } from '../../simulators/random.ts';
import { openClient } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { epcOf, fillLedger, locationOf, MOVEMENTS_AN_ITEM, skuOf, type Ledger } from './fillLedger.ts';

const SITE = 'BENCH';
const DAY_MS = 86_400_000;
/** How long filling may take. */
const HOUR_MS = 3_600_000;
const WARM = 10;

interface Question {
  readonly name: string;
  /** p99 that is aimed at, ms. */
  readonly aimMs: number;
  readonly path: () => string;
}

async function bench(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '10000000' },
      times: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
      keep: { type: 'string' },
      only: { type: 'string', default: '' },
    },
  });
  const items = Math.max(1000, Math.round(Number(values.rows) / MOVEMENTS_AN_ITEM));
  const ledger: Ledger = { site: SITE, items, skus: 2000, bins: 2500 };
  const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'tallygate-api-')));
  const isFilled = existsSync(join(folder, 'postgres'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog({ level: 'error', style: 'json' }) });
  const say = (text: string): void => void (process.stderr.isTTY && process.stderr.write(`${text}\n`));
  try {
    const owner = await openClient({ url: postgres.url, name: 'bench', role: 'owner', answerWithinMs: HOUR_MS });
    await migrate(owner, createLog({ style: 'silent' }));
    const filledAt = performance.now();
    if (!isFilled) {
      await owner.query(
        `insert into configuration (site, journal_offset, effective_at, source) values ($1, 1, now() - interval '2 years', $2)`,
        [SITE, JSON.stringify({ file: siteFile(ledger) })],
      );
      await fillLedger(owner, ledger, say);
    }
    const fillSeconds = (performance.now() - filledAt) / 1000;
    const { rows } = await owner.query<{ movements: number; bytes: number }>(
      `select (select count(*) from transaction) as movements, pg_database_size(current_database()) as bytes`,
    );
    await owner.end();
    const questions = questionsOf(ledger).filter(({ name }) => name.includes(values.only));
    const answers = await ask(postgres.url, questions, Number(values.times));
    const { movements, bytes } = rows[0]!;
    const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ machine, movements, postings: movements, items, bytes, answers })}\n`
        : tableOf(machine, { movements, bytes, items, fillSeconds }, answers),
    );
    return 0;
  } finally {
    await postgres.stop();
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

function questionsOf({ items, skus, bins }: Ledger): readonly Question[] {
  const chance = random(1, 'api bench');
  const site = `site=${SITE}`;
  const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
  const bin = (): string => locationOf(chance.integer(0, bins - 1));
  const sku = (): string => skuOf(chance.integer(0, skus - 1));
  const epc = (): string => epcOf(chance.integer(1, items));
  const past = (): string => `at=${ago(chance.between(1, 364))}`;
  const quarter = (): string => {
    const to = chance.between(1, 270);
    return `from=${ago(to + 91)}&to=${ago(to)}`;
  };
  return [
    { name: 'history of an item', aimMs: 10, path: () => `/v1/items/${epc()}/history?${site}` },
    { name: 'stock in a bin', aimMs: 10, path: () => `/v1/stock?${site}&location=${bin()}` },
    { name: 'stock of a SKU', aimMs: 10, path: () => `/v1/stock?${site}&sku=${sku()}` },
    { name: 'movements, newest', aimMs: 20, path: () => `/v1/movements?${site}` },
    {
      name: 'movements before a day',
      aimMs: 20,
      path: () => `/v1/movements?${site}&to=${ago(chance.between(1, 364))}`,
    },
    { name: 'movements of a SKU', aimMs: 20, path: () => `/v1/movements?${site}&sku=${sku()}` },
    { name: 'movements of a bin', aimMs: 20, path: () => `/v1/movements?${site}&location=${bin()}` },
    { name: 'stock as of a past instant', aimMs: 100, path: () => `/v1/stock?${site}&${past()}` },
    { name: 'stock of a SKU as of then', aimMs: 100, path: () => `/v1/stock?${site}&sku=${sku()}&${past()}` },
    { name: 'stock in a bin as of then', aimMs: 100, path: () => `/v1/stock?${site}&location=${bin()}&${past()}` },
    { name: 'key figures of 28 days', aimMs: 50, path: () => `/v1/kpis?${site}` },
    {
      name: 'key figures of a past quarter',
      aimMs: 50,
      path: () => `/v1/kpis?${site}&${quarter()}`,
    },
    { name: 'figures by SKU, 28 days', aimMs: 100, path: () => `/v1/kpis/skus?${site}` },
    { name: 'figures by SKU, past quarter', aimMs: 100, path: () => `/v1/kpis/skus?${site}&${quarter()}` },
    { name: 'figures by class, 28 days', aimMs: 100, path: () => `/v1/kpis/classes?${site}` },
    { name: 'figures by class, past quarter', aimMs: 100, path: () => `/v1/kpis/classes?${site}&${quarter()}` },
  ];
}

interface Answered {
  readonly name: string;
  readonly aimMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function ask(url: string, questions: readonly Question[], times: number): Promise<readonly Answered[]> {
  const api = await openApi({
    database: { url, name: 'bench api' },
    influx: undefined,
    rules: undefined,
    alerts: {},
    engine: { metrics: () => Promise.resolve(undefined), health: () => Promise.resolve(undefined) },
    clock: systemClock,
    log: createLog({ style: 'silent' }),
    version: 'bench',
  });
  try {
    const base = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const answered: Answered[] = [];
    for (const { name, aimMs, path } of questions) {
      const took: number[] = [];
      // What takes long is asked less often.
      const end = performance.now() + 60_000;
      for (let nth = -WARM; nth < times && performance.now() < end; nth++) {
        const at = performance.now();
        const response = await fetch(base + path());
        const text = await response.text();
        if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`);
        if (nth >= 0) took.push(performance.now() - at);
      }
      took.sort((a, b) => a - b);
      const at = (share: number): number =>
        took[Math.min(took.length - 1, Math.floor(share * took.length))] ?? Number.NaN;
      answered.push({ name, aimMs, p50Ms: at(0.5), p99Ms: at(0.99) });
    }
    return answered;
  } finally {
    await api.close();
  }
}

const siteFile = ({ bins }: Ledger): SiteFile => ({
  site: SITE,
  name: 'A large site',
  kind: 'warehouse',
  timeZone: 'Europe/Brussels',
  locations: [
    { id: 'DOCK', kind: 'dock' },
    { id: 'PACK', kind: 'pack' },
    ...Array.from({ length: bins }, (_, bin) => ({ id: locationOf(bin), kind: 'reserve' as const })),
  ],
});

function tableOf(
  machine: string,
  filled: { readonly movements: number; readonly bytes: number; readonly items: number; readonly fillSeconds: number },
  answers: readonly Answered[],
): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    `machine    ${machine}`,
    `ledger     ${count(filled.movements)} movements and as many postings, ${count(filled.items)} tags, ${(filled.bytes / 2 ** 30).toFixed(1)} GiB, filled in ${filled.fillSeconds.toFixed(0)} s`,
    '',
    `${'question'.padEnd(32)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'aim'.padStart(6)}`,
    ...answers.map(
      ({ name, aimMs, p50Ms, p99Ms }) =>
        `${name.padEnd(32)}${p50Ms.toFixed(1).padStart(9)}${p99Ms.toFixed(1).padStart(9)}${String(aimMs).padStart(6)}${p99Ms > aimMs ? '  beyond' : ''}`,
    ),
    '',
  ].join('\n');
}

process.exitCode = await bench();
