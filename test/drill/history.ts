// What a drill looks at in the end: the journal has everything once, and the ledger is what an undisturbed derivation says.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replay } from '../../src/commands/replay.ts';
import { loadSite } from '../../src/config/load.ts';
import { planSite } from '../../src/config/plan.ts';
import type { Pool } from '../../src/store/database.ts';
import { formatOf } from '../../src/wire/formats/formats.ts';
import type { MovementJson } from '../../src/wire/movement.ts';
import { formatTime } from '../../src/wire/time.ts';
import type { Installation } from '../support/serviceProcess.ts';
import { envelope } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { exactly, type Figure } from './figure.ts';

/** The site of all drills. */
export const SITE_FILE = fileURLToPath(new URL('../../config/sites/dc1.yaml', import.meta.url));
export const SITE = 'DC1';

/** Two days before: a backlog, all of it, however fast it comes. What happens that day depends on when it begins: DRILL_START repeats one. */
export const START =
  process.env['DRILL_START'] ?? formatTime(Math.floor(Date.now() / 60_000) * 60_000 - 2 * 86_400_000);

/** An envelope that moves nothing, to be told by its number. */
export const measure = (seq: number): string =>
  envelope({ seq, epoch: 'drill' }, { measures: [{ device: 'door-1', name: 'n', value: seq, at: START }] });

const REST_MS = 3000;
const LEDGER_WITHIN_MS = 120_000;

/** Silence closes what is open: until then there are rows to come. */
export async function ledgerIsThere(database: Pool): Promise<void> {
  let last = '';
  let since = performance.now();
  await eventually(
    'the ledger has everything and rests',
    async () => {
      const { rows } = await database.query<{ next: number; at: number }>(
        'select h.next_offset as next, c.journal_offset as at from journal_head h join cursor c using (site)',
      );
      const now = JSON.stringify(rows);
      if (now !== last) since = performance.now();
      last = now;
      return rows.every(({ next, at }) => next - 1 === at) && performance.now() - since > REST_MS;
    },
    LEDGER_WITHIN_MS,
  );
}

/** Of each gateway 1 to so many were acknowledged: how many of them the journal lacks, and how many it has twice. */
export async function onceEach(database: Pool, sent: Readonly<Record<string, number>>): Promise<Figure[]> {
  let [all, missing, twice] = [0, 0, 0];
  for (const [gateway, acknowledged] of Object.entries(sent)) {
    const { rows } = await database.query<{ rows: number; numbers: number }>(
      `select count(*) as rows, count(distinct (s.epoch, j.seq)) as numbers
       from journal j join stream s using (site, stream) where s.gateway = $1`,
      [gateway],
    );
    const { rows: n, numbers } = rows[0]!;
    all += acknowledged;
    missing += acknowledged - numbers;
    twice += n - numbers;
  }
  return [exactly(`acknowledged, of ${all}, but missing`, 0, missing), exactly('in the journal twice', 0, twice)];
}

/** Rows of a table, or of what else may follow `from`. */
export async function count(database: Pool, text: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(`select count(*) as count from ${text}`);
  return rows[0]!.count;
}

/** What `tallygate verify` says, run beside the service. */
export async function verified(home: Installation): Promise<Figure> {
  const { code, output } = await home.run('verify');
  const isSo = code === 0 && output.includes('is what the journal says');
  const [said] = output.trim().split('\n').slice(-1);
  return { what: 'verify', asked: 'exit 0', got: isSo ? 'exit 0' : `exit ${code}: ${said}`, ok: isSo };
}

export type Moved = Pick<
  MovementJson,
  'epc' | 'sku' | 'type' | 'from' | 'to' | 'container' | 'happenedAt' | 'source' | 'readPoint'
>;

/** Not the id: what was undone and came back has another. */
const contentOf = ({ epc, sku, type, from, to, container, happenedAt, source, readPoint }: Moved): string =>
  JSON.stringify([epc, sku, type, from, to, container, happenedAt, source, readPoint]);

/** Movements in one of two histories that the other one has not, both ways. */
export const sameHistory = (here: readonly Moved[], there: readonly Moved[]): Figure =>
  exactly(`movements, of ${there.length}, other than undisturbed`, 0, differencesOf(here, there));

function differencesOf(here: readonly Moved[], there: readonly Moved[]): number {
  const left = new Map<string, number>();
  for (const [moves, sign] of [
    [here, 1],
    [there, -1],
  ] as const)
    for (const moved of moves) left.set(contentOf(moved), (left.get(contentOf(moved)) ?? 0) + sign);
  return [...left.values()].reduce((sum, difference) => sum + Math.abs(difference), 0);
}

/** Movements that hold in the end: neither undone nor undoing. */
export async function effective(database: Pool): Promise<Moved[]> {
  const { rows } = await database.query<Moved & { at: number }>(
    `select epc, sku, type, from_location as from, to_location as to, container, happened_at as at, source,
            read_point as "readPoint"
     from transaction t
     where supersedes is null and not exists (select from transaction u where u.site = t.site and u.supersedes = t.id)`,
  );
  return rows.map((row) => ({
    ...row,
    container: row.container === '' ? null : row.container,
    happenedAt: formatTime(row.at),
  }));
}

/** The same reads, never disturbed, without database or network. */
export async function derived(file: string): Promise<readonly Moved[]> {
  const loaded = loadSite(
    SITE_FILE,
    readFileSync(SITE_FILE, 'utf8'),
    (format, mapping) => void formatOf(format, mapping),
  );
  const { movements } = await replay(planSite({ file: loaded.file! }), readFileSync(file, 'utf8').trim().split('\n'));
  return movements;
}
