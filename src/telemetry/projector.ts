// Feeds a sink from the journal by a cursor (decision D3): an outage of the sink is lag and nothing else. What was just
// derived comes from memory; what the sink has missed is read from the journal.
import { messageOf } from '../kit/faults.ts';
import type { Journal } from '../intake/journal.ts';
import type { Logger } from '../kit/log.ts';
import { sleep, within } from '../kit/sleep.ts';
import type { Row } from '../wire/row.ts';
import { projectRows } from './project.ts';
import type { Sink } from './sink.ts';

export interface Projector {
  /** Rows of one site, in order, as they are derived. */
  readonly feed: (rows: readonly Row[]) => void;
  /** Rows up to here were derived before: what the sink lacks of them is read from the journal. */
  readonly catchUp: (site: string, newest: number) => void;
  /** Another process derives the site from here on, and writes what the sink does not have yet. */
  readonly forget: (site: string) => void;
  /** Rows that the sink does not have yet, by site. */
  readonly lag: () => ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

const EVERY_MS = 1000;
const ROWS_A_WRITE = 2000;
/** Rows kept for the sink in memory, a site; beyond it they are read from the journal again. */
const QUEUE_ROWS_MAX = 20_000;
const RETRY_MS = 1000;
const RETRY_MOST_MS = 30_000;

interface Line {
  readonly site: string;
  queue: Row[];
  newest: number;
  written: number;
  readonly gone: AbortController;
}

export function startProjector(sink: Sink, journal: Journal, log: Logger): Projector {
  const lines = new Map<string, Line>();
  const running = new Set<Promise<void>>();

  const lineOf = (site: string): Line => {
    let line = lines.get(site);
    if (line === undefined) {
      line = { site, queue: [], newest: 0, written: 0, gone: new AbortController() };
      lines.set(site, line);
      const done = run(line).finally(() => running.delete(done));
      running.add(done);
    }
    return line;
  };

  const run = async (line: Line): Promise<void> => {
    let fixed: number | undefined;
    let isStarted = false;
    const { signal } = line.gone;
    for (let failures = 0; !signal.aborted;) {
      try {
        if (!isStarted) {
          const { offset, pending } = await sink.cursor(line.site);
          line.written = offset;
          fixed = pending;
          isStarted = true;
        }
        const rows = await nextRows(line, fixed);
        if (rows.length === 0) {
          await sleep(EVERY_MS, signal);
          continue;
        }
        if (signal.aborted) return;
        const to = rows.at(-1)!.offset;
        await sink.write({ site: line.site, from: line.written, to, points: projectRows(rows) });
        line.written = to;
        line.queue = line.queue.filter((row) => row.offset > to);
        fixed = undefined;
        if (failures > 0)
          log.info(
            { sink: sink.name, site: line.site, behind: line.newest - line.written },
            'telemetry is written again and catches up',
          );
        failures = 0;
        if (line.newest - line.written < ROWS_A_WRITE) await sleep(EVERY_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (failures++ === 0)
          log.warn(
            { sink: sink.name, site: line.site, reason: messageOf(error) },
            'telemetry cannot be written; it waits in the journal',
          );
        // Where the last write broke off is not known: its range is asked for again.
        isStarted = false;
        await sleep(Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** Math.min(failures, 10)), signal);
      }
    }
  };

  /** Rows after what is written: from memory when they follow on, else from the journal. `until` fixes the end. */
  const nextRows = async (line: Line, until: number | undefined): Promise<readonly Row[]> => {
    const after = line.written;
    if (until !== undefined) return journal.read(line.site, after, until - after);
    const position = line.queue.findIndex((row) => row.offset === after + 1);
    if (position !== -1) return line.queue.slice(position, position + ROWS_A_WRITE);
    return line.newest <= after ? [] : journal.read(line.site, after, ROWS_A_WRITE);
  };

  return {
    feed(rows) {
      const first = rows[0];
      if (first === undefined) return;
      const line = lineOf(first.site);
      line.newest = Math.max(line.newest, rows.at(-1)!.offset);
      if (line.queue.length + rows.length > QUEUE_ROWS_MAX) line.queue = [];
      else line.queue.push(...rows);
    },
    catchUp(site, newest) {
      const line = lineOf(site);
      line.newest = Math.max(line.newest, newest);
    },
    forget(site) {
      lines.get(site)?.gone.abort();
      lines.delete(site);
    },
    lag: () => new Map([...lines].map(([site, line]) => [site, Math.max(0, line.newest - line.written)])),
    async stop() {
      for (const { gone } of lines.values()) gone.abort();
      await within(Promise.all(running), 1000);
      await sink.close();
    },
  };
}
