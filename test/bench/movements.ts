// `npm run bench:movements`: movements a second into the ledger. Of reads of tags that all cross a door, ten reads each, and nothing else;
// and of files of opening stock, one after the other, as somebody imports them. The engine as in `bench`; the API, asked over HTTP, here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBenchApi } from './benchApi.ts';
import { createLog } from '../../src/kit/log.ts';
import { openClient } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { IMPORT_ROWS_MAX } from '../../src/wire/import.ts';
import { closeAfterFile, closeAll } from '../support/cleanUp.ts';
import { sleep } from '../../src/kit/sleep.ts';
import { load, timed, withService } from './bench.ts';
import { machineText } from './filled.ts';
import { SITE, ZONES } from './traffic.ts';

const HELP = `npm run bench:movements -- [--seconds 20] [--reads 100000] [--files 20] [--json]

Movements posted per second, each a transaction in the ledger and covered by its chain: of tags that cross doors, ten reads each, while
they come; and of CSV files of opening stock.

--seconds N    of reads
--reads N      a second, of which a tenth are as many movements: what is beyond the service's means makes tags that are hardly read
--files N      of ${IMPORT_ROWS_MAX} rows, at most ${ZONES}
`;

const WINDOW = 400;
/** What crosses is decided some seconds later: until then movements are fewer than they will be. */
const DECIDED_S = 12;
/** A file is waited for so long. */
const FILE_WITHIN_MS = 120_000;
const AIM = { sustained: 10_000, imports: 30_000 };

interface Figures {
  readonly machine: string;
  readonly crossing: { readonly readsPerSecond: number; readonly movementsPerSecond: number; readonly lagRows: number };
  readonly imports: { readonly movements: number; readonly movementsPerSecond: number };
}

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      reads: { type: 'string', default: '100000' },
      files: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return void process.stdout.write(HELP);
  try {
    const files = Math.min(ZONES, Math.max(1, Number(values.files)));
    const figures = await measure(Math.max(2, Number(values.seconds)), Number(values.reads), files);
    process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : tableOf(figures));
  } finally {
    await closeAll();
  }
}

async function measure(seconds: number, reads: number, files: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-movements-'));
  closeAfterFile(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog({ level: 'error', style: 'json' }) });
  closeAfterFile(() => postgres.stop());
  const owner = await openClient({ url: postgres.url, name: 'bench', role: 'owner' });
  await migrate(owner, createLog({ style: 'silent' }));
  await owner.end();
  return withService('engine', postgres.url, async (port, ask) => {
    const imports = await importStock(postgres.url, files);
    const order = {
      port,
      window: WINDOW,
      readsPerSecond: reads,
      expectedReadsPerSecond: reads,
      mix: { crossingShare: 1 },
    };
    const sent = load({ ...order, seconds: DECIDED_S + seconds, run: 1 });
    await sleep(DECIDED_S * 1000);
    const before = await ask();
    const startedAt = performance.now();
    const { reads: taken, seconds: tookS } = await sent;
    const after = await ask();
    return {
      machine: machineText(),
      crossing: {
        readsPerSecond: Math.round(taken / tookS),
        movementsPerSecond: Math.round(((after.movements - before.movements) * 1000) / (performance.now() - startedAt)),
        lagRows: after.lagRows,
      },
      imports,
    };
  });
}

const skuOf = (number: number): string => `SKU-${number}`;

/** Opening stock: in each file every SKU lies at another place. */
async function importStock(url: string, files: number): Promise<Figures['imports']> {
  const api = await openBenchApi(url, FILE_WITHIN_MS);
  try {
    const base = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const skus = Array.from({ length: IMPORT_ROWS_MAX }, (_, number) => skuOf(number));
    await send(base, 'products', ['sku,name', ...skus.map((sku) => `${sku},${sku}`)]);
    const tookS = await timed(async () => {
      for (let file = 1; file <= files; file++)
        await send(base, 'stock', ['location,sku,quantity', ...skus.map((sku) => `LOC-Z${file},${sku},12`)]);
    });
    const movements = files * IMPORT_ROWS_MAX;
    return { movements, movementsPerSecond: Math.round(movements / tookS) };
  } finally {
    await api.close();
  }
}

/** Throws when a row of the file is not taken. */
async function send(base: string, kind: string, lines: readonly string[]): Promise<void> {
  const response = await fetch(`${base}/v1/imports?site=${SITE}&kind=${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: lines.join('\n'),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`/v1/imports: ${response.status} ${text}`);
  const { taken, rows } = JSON.parse(text) as { readonly taken: number; readonly rows: number };
  if (taken !== rows) throw new Error(`Of a file of ${kind} ${rows - taken} rows were refused: ${text.slice(0, 500)}`);
}

function tableOf({ machine, crossing, imports }: Figures): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    `machine                ${machine}`,
    `of tags that cross     ${count(crossing.movementsPerSecond)} movements/s of ${count(crossing.readsPerSecond)} reads/s, ${count(crossing.lagRows)} envelopes behind at the end (aim: ${count(AIM.sustained)})`,
    `of imported files      ${count(imports.movementsPerSecond)} movements/s, ${count(imports.movements)} in all (aim: ${count(AIM.imports)})`,
    '',
  ].join('\n');
}

await bench();
