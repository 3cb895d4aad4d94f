// A database with a large ledger (fillLedger.ts) on an embedded Postgres of its own, and the whole service on it, as a user starts it.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/kit/log.ts';
import { openClient, type Client } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { installSite, type Installation } from '../support/serviceProcess.ts';
import { fillLedger, MOVEMENTS_AN_ITEM, type Ledger } from './fillLedger.ts';
import { ledgerSite, leaveMachine } from './fillMachine.ts';
import { SITE } from './traffic.ts';

/** How long filling may take. */
const HOUR_MS = 3_600_000;

export interface Filled {
  readonly url: string;
  readonly owner: Client;
  readonly ledger: Ledger;
  readonly fillSeconds: number;
}

/**
 * Some `rows` movements of a year; with `isToStart` the machines have left a snapshot, so that a service can go on from there. In a folder that
 * goes away, or in `keep`, which is filled when it is not there yet. Closed by `closeAll`.
 */
export async function openFilled(rows: number, keep: string | undefined, isToStart: boolean): Promise<Filled> {
  const items = Math.max(1000, Math.round(rows / MOVEMENTS_AN_ITEM));
  const ledger: Ledger = { site: SITE, items, skus: 2000, bins: 2500 };
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'tallygate-filled-'));
  if (keep === undefined) closeAfterFile(() => rmSync(folder, { recursive: true, force: true }));
  const isFilled = existsSync(join(folder, 'postgres'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog({ level: 'error', style: 'json' }) });
  closeAfterFile(() => postgres.stop());
  const owner = await openClient({ url: postgres.url, name: 'bench', role: 'owner', answerWithinMs: HOUR_MS });
  closeAfterFile(() => owner.end());
  await migrate(owner, createLog({ style: 'silent' }));
  const filledAt = performance.now();
  if (!isFilled) {
    await owner.query(
      `insert into configuration (site, journal_offset, effective_at, source) values ($1, 1, now() - interval '2 years', $2)`,
      [SITE, JSON.stringify({ file: ledgerSite(ledger) })],
    );
    await fillLedger(owner, ledger, tell);
  }
  if (isToStart) await leaveMachine(owner, ledger, tell);
  return { url: postgres.url, owner, ledger, fillSeconds: (performance.now() - filledAt) / 1000 };
}

/** The service on such a database, still to be started. `settings` are those of tallygate.yaml. */
export function installOn({ url, ledger }: Filled, settings = ''): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-bench-'));
  closeAfterFile(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'bench.yaml');
  writeFileSync(file, JSON.stringify(ledgerSite(ledger))); // which is YAML
  const home = installSite(file, `log: { level: warn }\n${settings}`);
  home.environment['TALLYGATE_DATABASE_URL'] = url;
  home.environment['NODE_OPTIONS'] = '--max-semi-space-size=64'; // as `npm start`
  return home;
}

/** How far it is, to a terminal. */
export const tell = (text: string): void => void (process.stderr.isTTY && process.stderr.write(`${text}\n`));

export const machineText = (): string =>
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}`;
