// What decisions alone cost, without broker and database: the benchmark's traffic through the machines of one site, by how busy its
// doors are. Time a read, and heap a tag that is in hearing and a tag that is not any more.
//   npm run bench:decisions
import { planSite } from '../../src/config/plan.ts';
import { deriveRow, openMachine, type SiteMachine } from '../../src/derive.ts';
import { TRIM_EVERY_ROWS } from '../../src/infer/infer.ts';
import { decodeEnvelope } from '../../src/wire/envelope.ts';
import { heapUsed } from './heap.ts';
import { rowsOf } from './rows.ts';
import { benchSite, DOORS, GATEWAYS, READS_PER_ENVELOPE, SITE } from './traffic.ts';

const START = Date.UTC(2026, 0, 5, 8);
/** Of event time. */
const SECONDS = 40;
const WARM_SECONDS = 15;
/** How many of the gateways send, and all of them together: reads a second. Up to 60,000 a door has less than 250 tags in hearing. */
const LOADS = [
  { gateways: 1, readsPerSecond: 8000 },
  { gateways: GATEWAYS, readsPerSecond: 55_000 },
  { gateways: GATEWAYS, readsPerSecond: 100_000 },
];
const ACTIVE_TAGS = 20_000;
const ACTIVE_READS = 12;

interface Cost {
  readonly doors: number;
  readonly nanosecondsARead: number;
  /** Movements through doors. */
  readonly through: number;
  /** Tags of pallets that went all their way; the last ones are not decided yet. */
  readonly crossed: number;
}

/** As fast as it goes, event time at `readsPerSecond`. */
function cost({ gateways, readsPerSecond }: (typeof LOADS)[number]): Cost {
  const plan = planSite({ file: benchSite() });
  const machine = openMachine(plan);
  const traffic = rowsOf({ plan, gateways, readsPerSecond, seconds: SECONDS, start: START });
  let spentNs = 0n;
  let reads = 0;
  let through = 0;
  for (const row of traffic.rows) {
    const before = process.hrtime.bigint();
    const effects = deriveRow(machine, row);
    through += effects.transactions.filter(({ to }) => to?.startsWith('DOCK-')).length;
    if (row.receivedAt < START + WARM_SECONDS * 1000) continue;
    spentNs += process.hrtime.bigint() - before;
    reads += READS_PER_ENVELOPE;
  }
  return { doors: traffic.doors, nanosecondsARead: Number(spentNs) / reads, through, crossed: traffic.crossed() };
}

/** `ACTIVE_TAGS` tags, each heard `ACTIVE_READS` times by a door within a few seconds. */
function hear(machine: SiteMachine, from: number, tags: number): void {
  let offset = machine.offset;
  const prefix = 'E280CC';
  for (let read = 0; read < ACTIVE_READS; read++) {
    const at = from + read * 400;
    for (let first = 0; first < tags; first += READS_PER_ENVELOPE) {
      const reads = Array.from({ length: READS_PER_ENVELOPE }, (_, index) => ({
        reader: `door-D${((first / READS_PER_ENVELOPE) % DOORS) + 1}`,
        antenna: 3 + (index % 2),
        epc: `${prefix}${(first + index).toString(16).toUpperCase().padStart(18, '0')}`,
        rssiDbm: -60 - (index % 9),
        seenAt: new Date(at).toISOString(),
      }));
      const body = { v: 1, epoch: 'bench-epoch', seq: ++offset, oldest: 1, sentAt: new Date(at).toISOString(), reads };
      const { entries, sentAt } = decodeEnvelope(Buffer.from(JSON.stringify(body)), machine.infer.plan.isKnownDevice);
      deriveRow(machine, { kind: 'entries', site: SITE, offset, gateway: 'gw-1', sentAt, receivedAt: at + 5, entries });
    }
  }
}

/** Tags that every door goes on hearing, so that its time passes. */
const STAYING = DOORS * READS_PER_ENVELOPE;
const IDLE_MINUTES = 15;

function stay(machine: SiteMachine): void {
  for (let minute = 1; minute <= IDLE_MINUTES; minute++) hear(machine, START + minute * 60_000, STAYING);
  // What nothing can change any more is forgotten every so many rows.
  machine.offset = TRIM_EVERY_ROWS * Math.ceil(machine.offset / TRIM_EVERY_ROWS) - 1;
  hear(machine, START + IDLE_MINUTES * 60_000 + 30_000, STAYING);
}

/** Bytes of heap a tag in hearing of a door, and one that was heard a quarter of an hour ago: beside its EPC, and that included. */
function memory(): { readonly activeBytes: number; readonly idleBytes: number; readonly epcBytes: number } {
  const machine = openMachine(planSite({ file: benchSite() }));
  const empty = heapUsed();
  hear(machine, START, ACTIVE_TAGS);
  const active = heapUsed();
  // Those that stay are heard on; the others are gone.
  stay(machine);
  const idle = heapUsed();
  const { tags } = machine.clean;
  machine.clean.tags.byEpc.clear();
  tags.epcs.length = 0;
  tags.shortcut = undefined;
  const nameless = heapUsed();
  const others = openMachine(planSite({ file: benchSite() }));
  const before = heapUsed();
  stay(others);
  const staying = heapUsed() - before;
  const epcBytes = Math.round((idle - nameless) / ACTIVE_TAGS);
  return {
    activeBytes: Math.round((active - empty) / ACTIVE_TAGS) - epcBytes,
    idleBytes: Math.round((idle - empty - staying) / (ACTIVE_TAGS - STAYING)) - epcBytes,
    epcBytes,
  };
}

process.stdout.write('doors  reads/s of event time  ns a read    through  tags crossed\n');
for (const load of LOADS) {
  const { doors, nanosecondsARead, through, crossed } = cost(load);
  const cells = [doors, load.readsPerSecond, Math.round(nanosecondsARead), through, crossed];
  process.stdout.write(
    `${cells.map((cell, column) => String(cell).padStart([5, 23, 11, 11, 14][column]!)).join('')}\n`,
  );
}
const { activeBytes, idleBytes, epcBytes } = memory();
process.stdout.write(
  `bytes a tag in hearing ${activeBytes}, a tag heard a quarter of an hour ago ${idleBytes}, its EPC ${epcBytes}\n`,
);
