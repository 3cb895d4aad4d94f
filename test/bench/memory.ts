// What a site takes that runs for long, without broker and database: a shift of simulated traffic through the machines of one site,
// as fast as it goes. Items settle after an hour, so that it is seen what is left of them.
//   npm run bench:memory -- [--hours 8] [--level typical] [--seed 5] [--settled-after-ms 3600000]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simulate } from '../../simulators/simulate.ts';
import { parseSettings } from '../../simulators/settings.ts';
import { loadSite } from '../../src/config/load.ts';
import { planSite } from '../../src/config/plan.ts';
import { deriveRow, dueAt, openMachine, type SiteMachine } from '../../src/derive.ts';
import { decodeEnvelope } from '../../src/wire/envelope.ts';
import { formatOf } from '../../src/wire/formats/formats.ts';
import { heapUsed } from './heap.ts';

const SITE_FILE = new URL('../../config/sites/dc1.yaml', import.meta.url).pathname;
const START = '2026-01-05T06:00:00Z';
const HOUR_MS = 3_600_000;
/** The service looks ten times a second whether anything is due. */
const LOOK_MS = 100;
const MIB = 2 ** 20;

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '8' },
    level: { type: 'string', default: 'typical' },
    seed: { type: 'string', default: '5' },
    'settled-after-ms': { type: 'string', default: String(HOUR_MS) },
  },
});
const hours = Number(values.hours);
const site = loadSite(SITE_FILE, readFileSync(SITE_FILE, 'utf8'), (format, mapping) => void formatOf(format, mapping));
const file = { ...site.file!, rules: { ...site.file!.rules, settledAfterMs: Number(values['settled-after-ms']) } };
const plan = planSite({ file });
const folder = mkdtempSync(join(tmpdir(), 'tallygate-memory-'));
try {
  const reads = join(folder, 'reads.ndjson');
  await simulate(
    parseSettings([
      `--site=${SITE_FILE}`,
      `--level=${values.level}`,
      `--seed=${values.seed}`,
      `--minutes=${hours * 60}`,
      `--start=${START}`,
      `--out=${reads}`,
      `--truth=${join(folder, 'truth.ndjson')}`,
    ])!,
    new AbortController().signal,
    () => {},
  );
  shift(openMachine(plan), readFileSync(reads, 'utf8').trim().split('\n'));
} finally {
  rmSync(folder, { recursive: true });
}

/** Takes the envelopes in their time, with the ticks in between; prints what is held at the end of each hour. */
function shift(machine: SiteMachine, lines: readonly string[]): void {
  const start = heapUsed();
  let offset = 0;
  let now = Date.parse(START);
  let hour = now + HOUR_MS;
  const place = () => ({ site: plan.site, offset: ++offset, receivedAt: now });
  console.log('hour   items   open   heap, MiB   an hour');
  let last = 0;
  const look = (at: number): void => {
    const { items } = machine.infer.book;
    const open = [...items.values()].filter(({ claims }) => claims.length > 0).length;
    const heap = (heapUsed() - start) / MIB;
    console.log(
      `${String((at - Date.parse(START)) / HOUR_MS).padStart(4)}${String(items.size).padStart(8)}${String(open).padStart(7)}` +
        `${heap.toFixed(1).padStart(12)}${(heap - last).toFixed(1).padStart(10)}`,
    );
    last = heap;
  };
  for (const line of lines) {
    const { sentAt, entries } = decodeEnvelope(Buffer.from(line), plan.isKnownDevice);
    for (;;) {
      const due = Math.max(now + LOOK_MS, Math.ceil(dueAt(machine, now)));
      if (due >= sentAt!) break;
      now = due;
      deriveRow(machine, { kind: 'tick', ...place() });
    }
    now = Math.max(now, sentAt!);
    for (; hour <= now; hour += HOUR_MS) look(hour);
    deriveRow(machine, { kind: 'entries', ...place(), gateway: 'gw-1', sentAt: undefined, entries });
  }
}
