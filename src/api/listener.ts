// One listener of the live stream. It is first told what it missed, as fast as it can take it; what happens meanwhile is
// read again from the ledger and not kept. Then it is live. The id of an event says how far all its sites have been told.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { messageOf } from '../kit/faults.ts';
import type { LiveFeed } from './feed.ts';
import type { LivePage, LiveType } from './livePages.ts';

export interface ListenerOptions {
  readonly feed: LiveFeed;
  /** Only what happens at these. */
  readonly isAsked: (site: string) => boolean;
  readonly types: ReadonlySet<LiveType>;
  /** Where the ledger of every site is now. */
  readonly cursors: ReadonlyMap<string, number>;
  /** How far the listener says that it had been told. */
  readonly positions: ReadonlyMap<string, number>;
  readonly log: FastifyBaseLogger;
}

const HEARTBEAT_MS = 15_000;
/** Bytes still waiting for a listener when more comes, beyond which it is let go: it comes back and is told from there. */
const BEHIND_BYTES_MAX = 1_048_576;
/** Rows of the journal, a site: who has missed more is not told them one by one. */
const MISSED_ROWS_MAX = 20_000;

/** Serves it until the stream closes. */
export function startListener(stream: ServerResponse, options: ListenerOptions): void {
  const { feed, isAsked, types, log } = options;
  const { positions, isTooFar } = startOf(options);
  const closed = new AbortController();
  /** What the feed has told while this listener was not live yet. */
  const missed = new Map<string, number>();
  let isLive = false;

  const idLine = (): string =>
    positions.size === 0 ? '' : `id: ${[...positions].map(([name, offset]) => `${name}:${offset}`).join(',')}\n`;
  const write = (page: LivePage): void => {
    if (stream.destroyed) return;
    const position = positions.get(page.site) ?? 0;
    const isNew = (offset: number | undefined): boolean => offset === undefined || offset > position;
    const events = page.events.filter(({ type, offset }) => types.has(type) && isNew(offset));
    if (page.through !== undefined) positions.set(page.site, Math.max(position, page.through));
    const text = events.map(
      ({ type, data }, index) =>
        `event: ${type}\ndata: ${JSON.stringify({ ...data, site: page.site })}\n${index === events.length - 1 ? idLine() : ''}\n`,
    );
    if (text.length > 0) stream.write(text.join(''));
  };
  const end = feed.subscribe(options.cursors, (page) => {
    if (!isAsked(page.site)) return;
    if (!isLive) {
      if (page.through !== undefined) missed.set(page.site, page.through);
    } else if (stream.writableLength > BEHIND_BYTES_MAX) stream.destroy();
    else write(page);
  });
  const heartbeat = setInterval(() => stream.destroyed || stream.write(`: \n${idLine()}\n`), HEARTBEAT_MS);
  stream.on('error', () => {}); // it closes, which is all there is to know
  stream.on('close', () => {
    closed.abort();
    clearInterval(heartbeat);
    end();
  });

  /** Tells what was missed, again and again until nothing has happened meanwhile. */
  const catchUp = async (): Promise<void> => {
    for (;;) {
      const cursors = [...(await feed.cursors())].filter(([name]) => isAsked(name));
      const behind = [...cursors, ...missed].filter(([name, to]) => to > (positions.get(name) ?? 0));
      if (behind.length === 0) break;
      for (const [name, to] of behind) {
        for await (const page of feed.between(name, positions.get(name) ?? 0, to)) {
          write(page);
          if (stream.writableNeedDrain) await once(stream, 'drain', { signal: closed.signal });
          if (closed.signal.aborted) return;
        }
      }
    }
    isLive = true;
  };

  stream.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  stream.write(`retry: 2000\n${idLine()}\n`);
  if (isTooFar) stream.write(`event: reset\ndata: {}\n${idLine()}\n`);
  catchUp().catch((error: unknown) => {
    if (closed.signal.aborted) return;
    log.debug({ reason: messageOf(error) }, 'a listener could not be told what it missed; it comes back');
    stream.destroy();
  });
}

/** Where each site begins: where the listener was, unless that is too long ago or of another ledger. */
function startOf({ cursors, positions, isAsked }: ListenerOptions): {
  readonly positions: Map<string, number>;
  readonly isTooFar: boolean;
} {
  const start = new Map([...cursors].filter(([site]) => isAsked(site)));
  let isTooFar = false;
  for (const [site, cursor] of start) {
    const position = positions.get(site);
    if (position === undefined) continue;
    if (position <= cursor && cursor - position <= MISSED_ROWS_MAX) start.set(site, position);
    else isTooFar = true;
  }
  return { positions: start, isTooFar };
}
