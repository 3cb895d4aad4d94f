// A gateway process to be killed: its reader hands over numbered measures as fast as they are taken.
// Arguments: outbox folder, broker URL, the first number; with a fourth, `last`, nothing is read and it ends when caught up.
import type { Logger } from '../../../src/kit/log.ts';
import { openGateway } from '../../../gateway/gateway.ts';
import type { Observation, Reader } from '../../../gateway/reader.ts';

const [folder = '', url = '', first = '0', last] = process.argv.slice(2);
const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent } as unknown as Logger;

const reader: Reader = {
  name: 'counter',
  async start(sink, signal) {
    if (last !== undefined) return;
    for (let value = Number(first); !signal.aborted;) {
      const observations = Array.from({ length: 50 }, (): Observation => {
        return {
          kind: 'measure',
          measure: { device: 'scale', name: 'weight', value: value++, at: Date.UTC(2026, 10, 23) },
        };
      });
      await sink(observations);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  },
};

const gateway = await openGateway({
  site: 'DC1',
  gateway: 'gw-1',
  readers: [reader],
  batch: { entriesMax: 10, lingerMs: 2 },
  lock: () => Promise.resolve({ release: () => Promise.resolve() }),
  outbox: { folder, segmentBytes: 32 * 1024, heldBytesMax: 64 * 1024 },
  uplink: {
    version: '0',
    broker: { url, clientId: 'gw-1' },
    limits: { envelopesMax: 32, resendAfterMs: 30, resendAfterMostMs: 80 },
    reconnectLeastMs: 5,
    reconnectMostMs: 20,
  },
  clock: Date.now,
  log,
});
process.stdout.write('up\n');
await gateway.inputEnded;
await gateway.caughtUp();
await gateway.stop();
