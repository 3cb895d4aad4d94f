// A gateway's own outbox and uplink, under load without end, behind whichever broker: it lets go of what has a receipt and of
// nothing else, so what it has let go of is what was promised.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutbox } from '../../gateway/outbox.ts';
import { Uplink } from '../../gateway/uplink.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';
import { formatTime } from '../../src/wire/time.ts';
import { eventually } from './wait.ts';

export interface PromisedSender {
  /** Everything up to here had its receipt. */
  readonly promised: () => number;
  /** The highest number that was written. */
  readonly sent: () => number;
  /** Writes no new ones; resolves when all have their receipt. */
  readonly finish: () => Promise<void>;
}

const BACKLOG_MAX = 100;

/** Envelopes of one measure each, as fast as receipts come. */
export async function startPromised(
  url: string,
  who: { readonly site: string; readonly gateway: string },
  close: (undo: () => unknown) => void,
): Promise<PromisedSender> {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-sender-'));
  const log = createLog({ style: 'silent' });
  const outboxBytesMax = 64 * 1024 ** 2;
  const outbox = await openOutbox({
    ...who,
    folder,
    bytesMax: outboxBytesMax,
    heldBytesMax: outboxBytesMax,
    clock: systemClock,
    log,
  });
  const uplink = new Uplink({
    ...who,
    version: 'drill',
    broker: { url, clientId: `tallygate/${who.site}/${who.gateway}`, keepaliveSeconds: 5 },
    outbox,
    outboxBytesMax,
    limits: { resendAfterMs: 3000 },
    reconnectMostMs: 1000,
    clock: systemClock,
    log,
  });
  const stopped = new AbortController();
  const sending = uplink.run(stopped.signal);
  let sent = 0;
  const finishing = new AbortController();
  const write = async (): Promise<void> => {
    while (!finishing.signal.aborted) {
      if (outbox.figures().backlog >= BACKLOG_MAX) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      const measure = { device: 'door-1', name: 'n', value: ++sent, at: formatTime(systemClock()) };
      await outbox.append({ entries: 1, body: Buffer.from(`"measures":[${JSON.stringify(measure)}]`) });
    }
  };
  const writing = write();
  close(async () => {
    finishing.abort();
    stopped.abort();
    await Promise.all([writing, sending]);
    await outbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    promised: () => outbox.figures().oldest - 1,
    sent: () => sent,
    async finish() {
      finishing.abort();
      await writing;
      await eventually('everything has its receipt', () => outbox.figures().backlog === 0, 40_000);
    },
  };
}
