// What could not be understood waits with its bytes; when the cause is mended it is taken in, once (promises P2 and P8).
import { describe, expect, it } from 'vitest';
import { openApi } from '../../src/api/open.ts';
import type { SiteFile } from '../../src/config/site.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { ERROR, journalled, openEngine, quarantined, type TestEngine } from '../support/engine.ts';
import { crossing, envelope, epcOf, readEntries, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

interface Operator {
  readonly loads: (file: SiteFile) => Promise<void>;
  readonly replays: (id: number) => Promise<{ readonly status: string; readonly offset: number | null }>;
}

/** Who mends things, by the API. */
async function operatorOf(service: TestEngine): Promise<Operator> {
  const api = await openApi({
    database: service.database.options,
    influx: undefined,
    rules: undefined,
    alerts: {},
    engine: { metrics: async () => undefined, health: async () => service.engine.health() },
    clock: systemClock,
    log: createLog({ style: 'silent' }),
    version: 'test',
  });
  closeAfterTest(() => api.close());
  return {
    async loads(file) {
      const answer = await api.app.inject({ method: 'PUT', url: `/v1/sites/${file.site}`, payload: file });
      expect(answer).toMatchObject({ statusCode: 200 });
      await eventually(
        'the site file is in force',
        () =>
          service.engine.sites.routes.plans.get(file.site)?.source.file.readPoints?.length === file.readPoints?.length,
      );
    },
    async replays(id) {
      const answer = await api.app.inject({ method: 'POST', url: `/v1/quarantine/${id}/replay` });
      expect(answer).toMatchObject({ statusCode: 200 });
      return answer.json();
    },
  };
}

/** The small site with a second door. */
const twoDoors = (site = 'T1'): SiteFile => {
  const file = smallSite(site);
  const antennas = [1, 2, 3, 4].map((antenna) => ({
    reader: 'door-2',
    antenna,
    side: antenna <= 2 ? ('outside' as const) : ('inside' as const),
  }));
  return {
    ...file,
    readPoints: [
      ...(file.readPoints ?? []),
      { id: 'DOOR-2', kind: 'portal', outside: 'world', inside: 'DOCK', antennas },
    ],
  };
};

describe('what was quarantined', () => {
  it('because a reader was missing in the site file is taken in after the file is mended, and moves stock', async () => {
    const service = await openEngine();
    const operator = await operatorOf(service);
    const gateway = await service.connect();
    const at = Date.now() - 30_000;
    const reads = readEntries(crossing([epcOf(1)], 'in', at, 'door-2'));
    const id = gateway.publish('tallygate/v1/T1/gw-1/envelope', envelope({ seq: 1, sentAt: at + 5000 }, { reads }));
    await gateway.untilAcknowledged(id);
    const aside = await quarantined(service);
    expect(new Set(aside.map(({ code }) => code))).toEqual(new Set(['unknown-reader']));
    expect(aside).toHaveLength(reads.length);

    expect(await operator.replays(aside[0]!.id)).toMatchObject({ status: 'still-rejected' });
    await operator.loads(twoDoors());
    for (const { id: number } of aside) expect(await operator.replays(number)).toMatchObject({ status: 'replayed' });
    await eventually('the tag came in', () =>
      service.database.value("select count(*) from transaction where type = 'receive' and read_point = 'DOOR-2'"),
    );
    expect((await quarantined(service)).every(({ state }) => state === 'replayed')).toBe(true);
    const rows = await journalled(service);
    for (const { id: number } of aside) await operator.replays(number);
    expect(await journalled(service), 'a second time it is there already').toHaveLength(rows.length);
  });

  it('because its device had no topic yet is taken in as it came', async () => {
    const service = await openEngine();
    const operator = await operatorOf(service);
    const device = await service.connect();
    const report = { type: 'INVENTORY', timestamp: '2026-11-23T12:00:00Z', data: { idHex: epcOf(1), antenna: 1 } };
    await device.untilAcknowledged(device.publish('zebra/door', JSON.stringify(report)));
    const [aside] = await quarantined(service);
    expect(aside!.code).toBe('unknown-topic');
    await operator.loads({
      ...twoDoors(),
      devices: [{ id: 'door', format: 'zebra-iotc', topic: 'zebra/door' }],
    });
    expect(await operator.replays(aside!.id)).toMatchObject({ status: 'replayed' });
    await service.posted();
    expect(await journalled(service)).toMatchObject([{ gateway: 'door' }]);
  });

  it('because nobody had described its site is taken in once, whether by hand or because the gateway sends it again', async () => {
    const service = await openEngine();
    const operator = await operatorOf(service);
    const gateway = await service.connect();
    const scans = [{ device: 'pack-1', data: '4012345678901', at: '2026-11-23T12:00:00Z' }];
    const text = envelope({ seq: 1 }, { scans });
    const topic = 'tallygate/v1/T2/gw-1/envelope';
    await gateway.untilAcknowledged(gateway.publish(topic, text));
    const [aside] = await quarantined(service);
    await operator.loads(smallSite('T2'));
    await gateway.untilAcknowledged(gateway.publish(topic, text));
    expect(await operator.replays(aside!.id)).toMatchObject({ status: 'replayed' });
    await service.posted('T2');
    expect(await journalled(service, 'T2')).toHaveLength(1);

    // And the other way round: by hand first.
    await gateway.untilAcknowledged(gateway.publish('tallygate/v1/T3/gw-1/envelope', text));
    const other = (await quarantined(service)).find(({ topic: of }) => of.includes('/T3/'));
    await operator.loads(smallSite('T3'));
    expect(await operator.replays(other!.id)).toMatchObject({ status: 'replayed' });
    await gateway.untilAcknowledged(gateway.publish('tallygate/v1/T3/gw-1/envelope', text));
    await service.posted('T3');
    expect(await journalled(service, 'T3')).toHaveLength(1);
  });
});

describe('a flood of nonsense', () => {
  it('costs the good messages nothing, not even their order', async () => {
    const service = await openEngine({
      sites: [smallSite('T1', { devices: [{ id: 'over-a', format: 'impinj-iot', topic: 'impinj/+' }] })],
    });
    const [fool, gateway] = [await service.connect(), await service.connect()];
    const chance = seeded(20_261_123);
    let last = 0;
    for (let seq = 1; seq <= 300; seq++) {
      fool.publish('tallygate/v1/T1/gw-2/envelope', nonsense(chance));
      fool.publish('impinj/over-a', nonsense(chance));
      const reads = readEntries([{ epc: epcOf(seq), at: Date.now() }]);
      last = gateway.publish('tallygate/v1/T1/gw-1/envelope', envelope({ seq }, { reads }));
    }
    await gateway.untilAcknowledged(last);
    await eventually('the fool is answered as well', () => fool.acknowledged().length === 600 || fool.isClosed());
    expect(fool.isClosed()).toBe(false);
    const good = (await journalled(service)).filter(({ gateway: of }) => of === 'gw-1');
    expect(good.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    await service.posted();
    expect(service.log.filter(({ level }) => level > ERROR)).toEqual([]);
    const kept = await quarantined(service);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.map(({ code }) => code)).not.toContain('defect');
  });
});

/** The same nonsense every time. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TIMES = [
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999Z',
  '1970-01-01T00:00:00Z',
  'yesterday',
  '2026-02-30T25:00:00Z',
];
const NAMES = ['door', 'over-a', '__proto__', 'constructor', 'a\u0000b', '💥', ''];
const NUMBERS = ['-1', '1e308', '9007199254740993', '0.5', '"1"', 'null', '255', '4294967296'];

/** Bytes, broken JSON, and envelopes of which something is badly wrong or stranger than anybody expects. */
function nonsense(chance: (below: number) => number): Buffer {
  const one = <T>(of: readonly T[]): T => of[chance(of.length)]!;
  const seq = chance(40) + 1;
  const read = `{"reader":${JSON.stringify(one(NAMES))},"antenna":${one(NUMBERS)},"epc":"${one(['00', 'zz', epcOf(seq), 'F'.repeat(128)])}","rssiDbm":${one(NUMBERS)},"seenAt":"${one(TIMES)}"}`;
  const measure = `{"device":"door","name":${JSON.stringify(one(NAMES))},"value":${one(NUMBERS)},"at":"${one(TIMES)}"}`;
  const scan = `{"device":"pack-1","data":${JSON.stringify(one([...NAMES, ']C101095\u001d', '0'.repeat(4096)]))},"at":"${one(TIMES)}"}`;
  const whole = `{"v":1,"epoch":"f${chance(3)}","seq":${chance(10) === 0 ? one(NUMBERS) : seq},"oldest":${one(NUMBERS)},"sentAt":"${one(TIMES)}","reads":[${read},${read}],"measures":[${measure}],"scans":[${scan}]}`;
  switch (chance(6)) {
    case 0:
      return Buffer.from(Array.from({ length: chance(200) }, () => chance(256)));
    case 1:
      return Buffer.from(whole.slice(0, chance(whole.length)));
    case 2:
      return Buffer.from(`${'['.repeat(chance(5000))}1`);
    case 3:
      return Buffer.from(
        `{"timestamp":"${one(TIMES)}","eventType":"tagInventory","tagInventoryEvent":{"epcHex":"${epcOf(seq)}","antennaPort":${one(NUMBERS)},"lastSeenTime":"${one(TIMES)}"}}`,
      );
    default:
      return Buffer.from(whole);
  }
}
