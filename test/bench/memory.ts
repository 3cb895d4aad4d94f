// What a site takes that runs for long, without broker and database: a shift of simulated traffic through the machines of one site,
// as fast as it goes. Items settle after an hour, so that it is seen what is left of them. A snapshot is taken each hour, as the service
// takes them more often: what has changed is remembered until the next one. Tables of the radio model are made beforehand, once and for all.
//   npm run bench:memory -- [--hours 8] [--level typical] [--seed 5] [--settled-after-ms 3600000]
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { simulate } from '../../simulators/simulate.ts';
import { parseSettings } from '../../simulators/settings.ts';
import { loadSite } from '../../src/config/load.ts';
import { planSite } from '../../src/config/plan.ts';
import { deriveRow, dueAt, openMachine, type SiteMachine } from '../../src/derive.ts';
import { AIRS } from '../../src/infer/radio/air.ts';
import { passageOf } from '../../src/infer/passages.ts';
import { takeSnapshot } from '../../src/post/snapshot.ts';
import { decodeEnvelope } from '../../src/wire/envelope.ts';
import { formatOf } from '../../src/wire/formats/formats.ts';
import { heapUsed } from './heap.ts';

const SITE_FILE = new URL('../../config/sites/dc1.yaml', import.meta.url).pathname;
const START = '2026-01-05T06:00:00Z';
const HOUR_MS = 3_600_000;
/** The service looks ten times a second whether anything is due. */
const LOOK_MS = 100;
const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

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
  await shift(openMachine(plan), createInterface({ input: createReadStream(reads) }));
} finally {
  rmSync(folder, { recursive: true });
}

/** Takes the envelopes in their time, with the ticks in between; prints what is held at the end of each hour. */
async function shift(machine: SiteMachine, lines: AsyncIterable<string>): Promise<void> {
  const before = heapUsed();
  for (const { fields } of machine.infer.areas) for (const { bank } of fields) for (const air of AIRS.keys()) bank(air);
  const start = heapUsed();
  console.log(`tables of the radio model: ${mib(start - before)} MiB`);
  let offset = 0;
  let now = Date.parse(START);
  let hour = now + HOUR_MS;
  const place = () => ({ site: plan.site, offset: ++offset, receivedAt: now });
  console.log('hour   items    here    open  waiting   heap, MiB   an hour');
  let last = 0;
  const look = (at: number): void => {
    takeSnapshot(machine);
    const columns = countsOf(machine).map((count) => String(count).padStart(8));
    const heap = heapUsed() - start;
    const passed = String((at - Date.parse(START)) / HOUR_MS).padStart(4);
    console.log(`${passed}${columns.join('')} ${mib(heap).padStart(12)}${mib(heap - last).padStart(10)}`);
    last = heap;
  };
  for await (const line of lines) {
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

/** Items that came, those that are here, those of which something is open, and undecided passages. */
function countsOf({ infer: { book, passages } }: SiteMachine): readonly number[] {
  let [here, open, waiting] = [0, 0, 0];
  for (const { state, claims } of book.items.values()) {
    if (state.inBooks && plan.locations.has(state.location)) here++;
    if (claims.length > 0) open++;
  }
  for (const id of passages.byId.keys()) if (passageOf(passages, id)!.told.outcome === 'undecided') waiting++;
  return [book.items.size, here, open, waiting];
}
