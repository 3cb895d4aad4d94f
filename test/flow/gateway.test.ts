// A gateway against a real broker, with a service behind it that has every vice of a real one.
import { describe, expect, it } from 'vitest';
import { createWake } from '../../gateway/wake.ts';
import { openGateway, type Gateway, type GatewayOptions } from '../../gateway/gateway.ts';
import type { Observation, Reader, Sink } from '../../gateway/reader.ts';
import { Fault } from '../../src/kit/faults.ts';
import { GATEWAY, openService, SITE, until, type Service } from '../unit/gateway/service.ts';
import {
  afterTest,
  ERROR,
  faultyDisk,
  newFolder,
  testLog,
  testOutbox,
  draftOf,
  WARN,
  type TestLog,
} from '../unit/gateway/support.ts';

const measure = (value: number): Observation => ({
  kind: 'measure',
  measure: { device: 'scale', name: 'weight', value, at: Date.UTC(2026, 10, 23) },
});

interface HandReader extends Reader {
  /** Hands over measures of these values, each a batch of its own. */
  readonly say: (...values: number[]) => Promise<void>;
}

/** A reader that says what it is told to. */
function handReader(): HandReader {
  let sink: Sink | undefined;
  const started = createWake();
  return {
    name: 'hand',
    start: (given, signal) => {
      sink = given;
      started.now();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    },
    async say(...values) {
      if (sink === undefined) await started.orAfter(1000);
      for (const value of values) await sink!([measure(value)]);
    },
  };
}

const range = (count: number, from = 1): number[] => Array.from({ length: count }, (_, index) => from + index);

interface Running {
  readonly gateway: Gateway;
  readonly reader: HandReader;
  readonly log: TestLog;
  readonly folder: string;
}

type Changes = Partial<Omit<GatewayOptions, 'uplink' | 'outbox'>> & {
  readonly uplink?: Partial<GatewayOptions['uplink']>;
  readonly outbox?: Partial<GatewayOptions['outbox']>;
};

/** Every entry an envelope of its own, so that numbers can be told. */
async function run(service: Service, changes: Changes = {}): Promise<Running> {
  const reader = handReader();
  const log = testLog();
  const folder = changes.outbox?.folder ?? newFolder();
  const gateway = await openGateway({
    site: SITE,
    gateway: GATEWAY,
    readers: [reader],
    batch: { entriesMax: 1 },
    lock: () => Promise.resolve({ release: () => Promise.resolve() }),
    clock: Date.now,
    log,
    ...changes,
    outbox: { retryMs: 5, ...changes.outbox, folder },
    uplink: {
      version: '1.2.3',
      broker: { url: service.url, clientId: 'gw-1' },
      reconnectLeastMs: 5,
      reconnectMostMs: 20,
      envelopesPerSecond: 100_000,
      ...changes.uplink,
    },
  });
  afterTest(() => gateway.stop());
  return { gateway, reader, log, folder };
}

const isDone = ({ gateway }: Running) => gateway.figures().backlog === 0 && gateway.figures().heldBytes === 0;
const told = ({ log }: Running, part: string) => log.lines.filter(({ msg }) => msg.includes(part));

describe('a gateway', () => {
  it('sends what readers say, in order, and lets go of it when there is a receipt', async () => {
    const service = await openService();
    const running = await run(service);
    await running.reader.say(...range(300));
    await until(() => service.envelopes.size === 300 && isDone(running));
    expect(service.values()).toEqual(range(300));
    expect(service.deliveries).toHaveLength(300);
    expect(service.conflicts).toEqual([]);
    expect(running.gateway.figures()).toMatchObject({ entries: 300, dropped: 0, refused: 0 });
  });

  it('puts what comes within the linger into one envelope', async () => {
    const service = await openService();
    const { reader } = await run(service, { batch: { entriesMax: 500, lingerMs: 30 } });
    await reader.say(1, 2, 3);
    await until(() => service.envelopes.size === 1);
    expect(service.values()).toEqual([1, 2, 3]);
  });

  it('tells its status, retained, and its absence, by itself or by its last will', async () => {
    const service = await openService();
    const { gateway } = await run(service);
    await until(() => service.statuses.length > 0);
    expect(JSON.parse(service.statuses[0]!)).toMatchObject({
      online: true,
      version: '1.2.3',
      backlog: 0,
      oldest: 1,
      dropped: 0,
    });
    await gateway.stop();
    expect(service.statuses.at(-1)).toBe('{"online":false}');
  });

  it('keeps at most its window without a receipt', async () => {
    const service = await openService();
    service.isSilent = true;
    const running = await run(service, { uplink: { limits: { envelopesMax: 10 } } });
    await running.reader.say(...range(50));
    await until(() => service.deliveries.length === 10 && running.gateway.figures().backlog === 50);
    const [first] = service.deliveries;
    service.receipt({ epoch: first!.split('/')[0], seq: 4 });
    await until(() => service.deliveries.length === 14);
    expect(new Set(service.deliveries).size).toBe(14);
  });

  it('keeps everything while there is no broker, and sends it when there is one', async () => {
    const service = await openService();
    await service.goAway();
    const running = await run(service);
    await running.reader.say(...range(200));
    await until(() => running.gateway.figures().backlog === 200);
    await until(() => told(running, 'the broker is away').length > 0);
    await service.comeBack();
    await until(() => isDone(running));
    expect(service.values()).toEqual(range(200));
    expect(told(running, 'connected')).toHaveLength(1);
    expect(told(running, 'caught up')).toHaveLength(1);
  });

  it('resends what has no receipt when the broker goes and comes, in the same bytes', async () => {
    const service = await openService();
    service.isSilent = true;
    const running = await run(service, { uplink: { limits: { envelopesMax: 20 } } });
    await running.reader.say(...range(100));
    await until(() => service.deliveries.length === 20);
    for (let round = 1; round <= 5; round++) {
      await service.goAway();
      await service.comeBack();
      await until(() => service.deliveries.length === 20 * (round + 1));
    }
    service.isSilent = false;
    await service.goAway();
    await service.comeBack();
    await until(() => isDone(running));
    expect(service.values()).toEqual(range(100));
    expect(service.conflicts).toEqual([]);
  });

  it('resends after silence when receipts are lost', async () => {
    const service = await openService();
    service.losesReceipt = (count) => count % 3 !== 0;
    const running = await run(service, {
      uplink: { limits: { envelopesMax: 7, resendAfterMs: 20, resendAfterMostMs: 50 } },
    });
    await running.reader.say(...range(100));
    await until(() => isDone(running), 10_000);
    expect(service.values()).toEqual(range(100));
    expect(service.conflicts).toEqual([]);
  });

  it('resends after silence what a broker acknowledged and lost', async () => {
    const service = await openService();
    service.isDeaf = true;
    const running = await run(service, { uplink: { limits: { resendAfterMs: 20, resendAfterMostMs: 50 } } });
    await running.reader.say(...range(10));
    await until(() => told(running, 'there are no receipts').length > 0);
    service.isDeaf = false;
    await until(() => isDone(running));
    expect(service.values()).toEqual(range(10));
    expect(told(running, 'receipts come again')).toHaveLength(1);
  });

  it('sends nothing twice to a broker that has it and acknowledges nothing', async () => {
    const service = await openService();
    service.isHolding = true;
    const running = await run(service, { uplink: { limits: { resendAfterMs: 10, resendAfterMostMs: 10 } } });
    await running.reader.say(...range(10));
    await until(() => told(running, 'acknowledges nothing').length > 0);
    await until(() => running.gateway.figures().backlog === 10);
    service.isHolding = false;
    expect(service.deliveries).toEqual([]);
    await service.goAway();
    await service.comeBack();
    await until(() => isDone(running));
    expect(service.deliveries).toHaveLength(10);
  });

  it.each<[Service['refuses'], string]>([
    ['connection', 'Connection refused: Not authorized'],
    ['subscription', 'does not let this gateway subscribe to tallygate/v1/DC1/gw-1/receipt'],
  ])('calls somebody when its %s is refused, and goes on when it was put right', async (refused, reason) => {
    const service = await openService();
    service.refuses = refused;
    const running = await run(service);
    await running.reader.say(1);
    await until(() => told(running, 'the broker refuses').length > 0);
    expect(told(running, 'the broker refuses')).toMatchObject([
      { level: ERROR, reason: expect.stringContaining(reason) as string },
    ]);
    expect(service.deliveries).toEqual([]);
    service.refuses = undefined;
    await until(() => isDone(running));
    expect(service.values()).toEqual([1]);
  });

  it('ignores receipts of another epoch, and what is no receipt', async () => {
    const service = await openService();
    service.isSilent = true;
    const running = await run(service);
    await running.reader.say(1, 2, 3);
    await until(() => service.deliveries.length === 3);
    service.receipt({ epoch: 'another', seq: 3 });
    service.receipt({ epoch: 5 });
    await until(() => told(running, 'of another epoch').length === 1 && told(running, 'that is none').length === 1);
    expect(running.gateway.figures().backlog).toBe(3);
  });

  it('tells what the service put into quarantine, and does not send it again', async () => {
    const service = await openService();
    service.isSilent = true;
    const running = await run(service);
    await running.reader.say(1);
    await until(() => service.deliveries.length === 1);
    const { epoch } = running.gateway.figures();
    service.receipt({ epoch, seq: 1, rejected: [{ seq: 1, code: 'unknown-reader', message: 'no scale' }] });
    await until(() => isDone(running));
    expect(told(running, 'quarantine')).toMatchObject([
      { level: WARN, seq: 1, code: 'unknown-reader', reason: 'no scale' },
    ]);
    expect(service.deliveries).toHaveLength(1);
  });

  it('goes on after a restart where it was, with what had no receipt', async () => {
    const service = await openService();
    service.isSilent = true;
    const before = await run(service);
    await before.reader.say(...range(20));
    await until(() => service.deliveries.length === 20);
    service.receipt({ epoch: before.gateway.figures().epoch, seq: 12 });
    await until(() => before.gateway.figures().backlog === 8);
    await before.gateway.stop();
    service.isSilent = false;
    const after = await run(service, { outbox: { folder: before.folder } });
    await after.reader.say(21);
    await until(() => isDone(after));
    expect(service.deliveries).toHaveLength(20 + 8 + 1);
    expect(service.conflicts).toEqual([]);
    expect(service.values()).toEqual(range(21));
  });
});

describe('what is lost is told', () => {
  it('has the service record the gap when the outbox was full, and goes on', async () => {
    const service = await openService();
    await service.goAway();
    const running = await run(service, { outbox: { bytesMax: 40_000, segmentBytes: 2000 } });
    await running.reader.say(...range(300));
    await until(() => running.gateway.figures().newest === 300);
    const { dropped, epoch, oldest } = running.gateway.figures();
    expect(dropped).toBeGreaterThan(64);
    await service.comeBack();
    await until(() => isDone(running));
    expect(service.gaps.get(epoch)).toEqual(range(dropped));
    expect(service.values().sort((a, b) => a - b)).toEqual(range(300).slice(oldest - 1));
    expect(service.conflicts).toEqual([]);
    expect(told(running, 'the outbox is full').at(-1)?.level).toBe(ERROR);
    // Reads come in their order: what was sent ahead was an empty envelope.
    const carrying = service.deliveries.filter((key) => service.envelopes.get(key)!.includes('measures'));
    expect([...new Set(carrying)]).toEqual(range(300 - dropped, oldest).map((seq) => `${epoch}/${seq}`));
  });

  it('tells of a gap again when the word of it was lost with the connection', async () => {
    const service = await openService();
    await service.goAway();
    const running = await run(service, { outbox: { bytesMax: 40_000, segmentBytes: 2000 } });
    await running.reader.say(...range(300));
    await until(() => running.gateway.figures().newest === 300);
    let lost = 0;
    service.losesEnvelope = (text) => !text.includes('measures') && ++lost === 1;
    await service.comeBack();
    await until(() => lost > 0);
    await service.goAway();
    await service.comeBack();
    await until(() => isDone(running));
    expect(service.gaps.get(running.gateway.figures().epoch)).toEqual(range(running.gateway.figures().dropped));
  });

  it('has the service record what did not fit into memory while the disk was full', async () => {
    const service = await openService();
    const disk = faultyDisk();
    const running = await run(service, { outbox: { disk, heldBytesMax: 2000 } });
    await running.reader.say(1);
    await until(() => isDone(running));
    disk.room = 0;
    const sink = running.reader;
    // A reader that cannot wait: it does not heed the promise.
    const saying = range(60, 2).map((value) => sink.say(value));
    await until(() => running.gateway.figures().dropped > 0);
    disk.room = Infinity;
    await Promise.all(saying);
    await running.reader.say(62);
    await until(() => isDone(running));
    const { dropped, epoch } = running.gateway.figures();
    expect(service.gaps.get(epoch)).toHaveLength(dropped);
    expect(
      service
        .values()
        .sort((a, b) => a - b)
        .at(-1),
    ).toBe(62);
    expect(service.values()).toHaveLength(62 - dropped);
  });

  it('has the service record what it has lost itself', async () => {
    const before = await openService();
    const first = await run(before);
    await first.reader.say(...range(30));
    await until(() => isDone(first));
    await first.gateway.stop();
    const restored = await openService(); // from a backup that knows nothing of it
    const second = await run(restored, { outbox: { folder: first.folder } });
    await second.reader.say(31, 32);
    await until(() => isDone(second));
    expect(restored.gaps.get(second.gateway.figures().epoch)).toEqual(range(30));
    expect(restored.values()).toEqual([31, 32]);
  });

  it('uses two epochs when an outbox was lost, and is understood in both', async () => {
    const service = await openService();
    const first = await run(service);
    await first.reader.say(1, 2, 3);
    await until(() => isDone(first));
    await first.gateway.stop();
    const second = await run(service); // an empty folder
    await second.reader.say(4, 5);
    await until(() => isDone(second));
    const epochs = [first, second].map(({ gateway }) => gateway.figures().epoch);
    expect(new Set(epochs).size).toBe(2);
    expect(epochs.map(service.through)).toEqual([3, 2]);
    expect(service.values()).toEqual([1, 2, 3, 4, 5]);
    expect(service.gaps.size).toBe(0);
  });

  it('steps behind numbers that it never wrote: its folder was restored from an old one', async () => {
    const service = await openService();
    const running = await run(service);
    const { epoch } = running.gateway.figures();
    service.isSilent = true;
    await running.reader.say(1);
    await until(() => service.deliveries.length === 1);
    service.receipt({ epoch, seq: 50 });
    await until(() => isDone(running));
    await running.reader.say(2);
    await until(() => service.deliveries.length === 2);
    expect(service.deliveries.at(-1)).toBe(`${epoch}/51`);
    expect(told(running, 'never wrote')).toMatchObject([{ level: ERROR }]);
  });

  it('deletes nothing that it has not sent, whatever a receipt says', async () => {
    const folder = newFolder();
    const outbox = await testOutbox({ folder });
    for (const value of range(200)) await outbox.append(draftOf(value));
    await outbox.close();
    const service = await openService();
    service.losesReceipt = () => true;
    const running = await run(service, { outbox: { folder }, uplink: { limits: { envelopesMax: 5 } } });
    await until(() => service.deliveries.length === 5);
    service.receipt({ epoch: running.gateway.figures().epoch, seq: 150 });
    await until(() => service.deliveries.length === 10);
    expect(running.gateway.figures().oldest).toBe(6);
  });
});

describe('readers', () => {
  it('wait while the outbox is behind', async () => {
    const service = await openService();
    const disk = faultyDisk();
    disk.room = 0;
    const running = await run(service, { outbox: { disk, heldBytesMax: 8000 } });
    let said = 0;
    const saying = (async () => {
      for (const value of range(300)) {
        await running.reader.say(value);
        said++;
      }
    })();
    await until(() => running.gateway.figures().trouble !== undefined);
    const { heldBytes } = running.gateway.figures();
    expect(heldBytes).toBeGreaterThanOrEqual(2000);
    expect(heldBytes).toBeLessThan(2200);
    expect(said).toBeLessThan(30);
    disk.room = Infinity;
    await saying;
    await until(() => isDone(running));
    expect(service.values()).toEqual(range(300));
    expect(running.gateway.figures().dropped).toBe(0);
  });

  it('are started again when they fail, and end the gateway when a person must act', async () => {
    const service = await openService();
    let starts = 0;
    const failing: Reader = {
      name: 'failing',
      start: () =>
        Promise.reject(++starts === 1 ? new Error('unplugged') : new Fault('rejected', 'no-port', 'no such port')),
    };
    const running = await run(service, { readers: [failing] });
    await expect(running.gateway.inputEnded).rejects.toMatchObject({ code: 'no-port' });
    expect(told(running, 'a reader failed')).toMatchObject([{ reason: 'unplugged' }]);
  });

  it('are told apart from what no envelope can carry', async () => {
    const service = await openService();
    const running = await run(service);
    await running.reader.say(1, Number.NaN, 2);
    await until(() => isDone(running) && service.values().length === 2);
    expect(running.gateway.figures()).toMatchObject({ entries: 2, refused: 1 });
  });

  it('have everything in the outbox when the gateway is stopped', async () => {
    const service = await openService();
    await service.goAway();
    const running = await run(service, { batch: { entriesMax: 500, lingerMs: 60_000 } });
    await running.reader.say(1, 2, 3);
    await running.gateway.stop();
    await service.comeBack();
    const again = await run(service, { outbox: { folder: running.folder } });
    await until(() => isDone(again));
    expect(service.values()).toEqual([1, 2, 3]);
  });

  it('that have ended let the gateway end when the service has everything', async () => {
    const service = await openService();
    const reader: Reader = { name: 'short', start: async (sink) => sink([measure(1), measure(2)]) };
    const { gateway } = await run(service, { readers: [reader], batch: { lingerMs: 60_000 } });
    await gateway.inputEnded;
    await gateway.caughtUp();
    expect(service.values()).toEqual([1, 2]);
  });
});
