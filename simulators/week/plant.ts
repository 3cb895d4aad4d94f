// The machines of several sites in one simulated time: what readers hear and people say becomes rows of each site's journal, in the
// order of time, with ticks in silence as the service gives them, and notices from site to site as its commits append them.
import { planSite, type SitePlan } from '../../src/config/plan.ts';
import type { SiteFile } from '../../src/config/site.ts';
import { assert } from '../../src/kit/faults.ts';
import type { Command, CommandOutcome } from '../../src/wire/command.ts';
import { EntriesBuilder } from '../../src/wire/entries.ts';
import type { Row } from '../../src/wire/row.ts';
import type { RadioRead } from '../radio/radio.ts';
import { openBooks, type Books } from './books.ts';
import type { OpenWeekMachine, Told, WeekMachine } from './told.ts';

/** One site while the week runs. */
export interface PlantSite {
  readonly id: string;
  readonly plan: SitePlan;
  /** What API and page show of it. */
  readonly books: Books;
}

export interface Plant {
  readonly now: () => number;
  readonly site: (id: string) => PlantSite;
  /** Says it now; the answer is the outcome of the command. */
  readonly say: (site: string, actor: string, command: Command) => CommandOutcome;
  /** What antennas of a site heard; it arrives when the reader tells, or at `arrivesAt` when its gateway holds it back. */
  readonly hear: (site: string, reads: readonly RadioRead[], arrivesAt?: number) => void;
  /** Lets time pass until `to`. */
  readonly advance: (to: number) => void;
}

/** Told of every row and of what came of it, in the order in which they happened. */
export type OnRow = (row: Row, told: Told) => void;

/** Who put the site file into the journal, as the service says it when it starts. */
const SITE_FILE = 'config file';
/** A gateway sends what it has this often, and it takes so long. */
const LINGER_MS = 200;
const TRANSIT_MS = 20;
const TICK_MS = 100;
/** Something is due for ever when so many ticks do not end it. */
const TICKS_MAX = 5_000_000;

interface Heard {
  readonly read: RadioRead;
  readonly arrivesAt: number;
}

interface Running extends PlantSite {
  readonly machine: WeekMachine;
  heard: Heard[];
  offset: number;
  /** Our clock at the last row. */
  receivedAt: number;
}

/** The sites as `files` say, empty, at `startAt`. The same calls lead to the same rows. */
export function openPlant(
  files: readonly SiteFile[],
  openMachine: OpenWeekMachine,
  startAt: number,
  onRow: OnRow = () => {},
): Plant {
  const sites = new Map<string, Running>();
  for (const file of files) {
    const plan = planSite({ file });
    const machine = openMachine(planSite({ file: { site: file.site } }));
    sites.set(file.site, {
      id: file.site,
      plan,
      machine,
      books: openBooks(),
      heard: [],
      offset: 0,
      receivedAt: startAt,
    });
  }
  let now = startAt;
  let keys = 0;

  const take = (site: Running, row: UnplacedRow): Told => {
    const receivedAt = Math.max(site.receivedAt, row.receivedAt);
    const placed = { ...row, site: site.id, offset: ++site.offset, receivedAt } as Row;
    site.receivedAt = receivedAt;
    const told = site.machine.take(placed);
    site.books.take(told, receivedAt);
    onRow(placed, told);
    for (const { key, to, command } of told.notices) {
      const other = siteOf(to);
      silence(other, receivedAt);
      take(other, { kind: 'command', receivedAt, key, actor: `site ${site.id}`, command });
    }
    return told;
  };
  /** Ticks of a site up to `until`, whenever something waits for time to pass. */
  const silence = (site: Running, until: number): void => {
    for (let count = 0; ; count++) {
      const due = site.machine.dueAt(site.receivedAt);
      const at = Math.max(site.receivedAt + TICK_MS, Math.ceil(due / TICK_MS) * TICK_MS);
      if (!(at < until)) return;
      assert(count < TICKS_MAX, 'Something is due for ever.', { site: site.id, due });
      take(site, { kind: 'tick', receivedAt: at });
    }
  };
  const siteOf = (id: string): Running => {
    const found = sites.get(id);
    assert(found !== undefined, 'The week names a site that it has.', { id });
    return found;
  };
  const advance = (to: number): void => {
    const envelopes = [...sites.values()]
      .flatMap((site) => envelopesOf(site, to).map((envelope) => ({ site, envelope })))
      .sort((a, b) => a.envelope.receivedAt - b.envelope.receivedAt);
    for (const { site, envelope } of envelopes) {
      silence(site, envelope.receivedAt);
      take(site, envelope);
    }
    for (const site of sites.values()) silence(site, to);
    now = Math.max(now, to);
  };
  for (const site of sites.values()) {
    const source = JSON.parse(JSON.stringify(site.plan.source)) as SitePlan['source'];
    const command: Command = { kind: 'load-site', source };
    take(site, { kind: 'command', receivedAt: startAt, key: `site ${site.id}`, actor: SITE_FILE, command });
  }
  return {
    now: () => now,
    site: siteOf,
    advance,
    hear: (id, reads, arrivesAt) => {
      const { heard } = siteOf(id);
      for (const read of reads) heard.push({ read, arrivesAt: Math.max(read.reportedAt, arrivesAt ?? 0) });
    },
    say: (id, actor, command) => {
      const site = siteOf(id);
      const { outcome } = take(site, { kind: 'command', receivedAt: now, key: `week-${++keys}`, actor, command });
      assert(outcome !== undefined, 'A command is answered.', { command });
      return outcome.outcome;
    },
  };
}

type UnplacedRow = Row extends infer R ? (R extends Row ? Omit<R, 'site' | 'offset'> : never) : never;

/** Which gateway a reader is behind: doors and roofs have one each. */
const gatewayOf = (reader: string): string => (reader.startsWith('door') ? 'gw-doors' : 'gw-roof');

/** Takes what has arrived at the gateways up to `to` out of what was heard, as envelopes by time. */
function envelopesOf(site: Running, to: number): UnplacedRow[] {
  const closed = new Map<string, { readonly gateway: string; readonly sentAt: number; readonly content: Heard[] }>();
  const waiting: Heard[] = [];
  for (const one of site.heard) {
    const sentAt = (Math.floor(one.arrivesAt / LINGER_MS) + 1) * LINGER_MS;
    if (sentAt + TRANSIT_MS > to) {
      waiting.push(one);
      continue;
    }
    const gateway = gatewayOf(one.read.reader);
    const key = `${gateway} ${sentAt}`;
    const known = closed.get(key);
    if (known === undefined) closed.set(key, { gateway, sentAt, content: [one] });
    else known.content.push(one);
  }
  site.heard = waiting;
  return [...closed.values()]
    .sort((a, b) => a.sentAt - b.sentAt || (a.gateway < b.gateway ? -1 : 1))
    .map(({ gateway, sentAt, content }) => {
      const builder = new EntriesBuilder(content.length);
      for (const { read } of content) builder.read(read.reader, read.antenna, read.epc, read.rssiDbm, read.seenAt);
      return { kind: 'entries', gateway, sentAt, receivedAt: sentAt + TRANSIT_MS, entries: builder.build() };
    });
}
