// Several processes on one database and one broker that is not theirs: each has its part of the sites, takes over what another one
// leaves, and writes nothing for what it has lost.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import { openPool } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { installBehind, more } from '../support/behindBroker.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { expectEverything } from '../support/everything.ts';
import { missingMosquitto, openMosquitto } from '../support/mosquitto.ts';
import { startPromised } from '../support/promisedSender.ts';
import { promised, type Service } from '../support/serviceProcess.ts';
import { openTcpProxy, targetOf } from '../support/tcpProxy.ts';
import { eventually } from '../support/wait.ts';

const missing = missingMosquitto();

/** Of a process killed, or cut off from its database, its sites are another one's within. */
const TAKEOVER_MS = 10_000;

/** Sites that a process derives, as its figures say. */
async function sitesOf(service: Service): Promise<string[]> {
  const metrics = await service.get<string>('/metrics');
  return [...metrics.matchAll(/^tallygate_journal_lag_rows\{site="(.*?)"\}/gm)].map(([, site]) => site!);
}

/** Each derives one of the two sites, and not the same. */
async function eachHasOne(one: Service, other: Service): Promise<boolean> {
  const [ofOne, ofOther] = [await sitesOf(one), await sitesOf(other)];
  return ofOne.length === 1 && ofOther.length === 1 && ofOne[0] !== ofOther[0];
}

async function rests(services: readonly Service[]): Promise<boolean> {
  const metrics = await Promise.all(services.map((service) => service.get<string>('/metrics')));
  return metrics.every((text) =>
    [...text.matchAll(/^tallygate_journal_lag_rows\{.*\} (\d+)/gm)].every(([, lag]) => lag === '0'),
  );
}

describe.skipIf(missing !== undefined)(`sites that processes share${missing ? ` (${missing})` : ''}`, () => {
  /** A Postgres of its own that both processes use, and both of them; `proxied` reaches it by way of a network that can fail. */
  const twoProcesses = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tallygate-shared-'));
    closeAfterTest(() => rmSync(folder, { recursive: true, force: true }));
    const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog({ style: 'silent' }) });
    closeAfterTest(() => postgres.stop());
    const proxy = await openTcpProxy(targetOf(postgres.url));
    closeAfterTest(() => proxy.close());
    const mosquitto = await openMosquitto(closeAfterTest);
    const home = installBehind(mosquitto.url, ['DC1', 'DC2']);
    const sendTo = (site: string) => startPromised(mosquitto.url, { site, gateway: 'gw-1' }, closeAfterTest);
    const proxied = await home.start({ TALLYGATE_DATABASE_URL: proxy.url(postgres.url) });
    const direct = await home.start({ TALLYGATE_DATABASE_URL: postgres.url });
    closeAfterTest(async () => {
      await proxied.kill();
      await direct.kill();
    });
    home.environment['TALLYGATE_DATABASE_URL'] = postgres.url; // of verify
    const database = openPool({ url: postgres.url, name: 'test', max: 2, role: 'owner', onError: () => {} });
    closeAfterTest(() => database.end());
    await eventually('each has a site', () => eachHasOne(proxied, direct));
    const senders = { DC1: await sendTo('DC1'), DC2: await sendTo('DC2') };
    await Promise.all([more(senders.DC1, 100), more(senders.DC2, 100)]);
    const finish = async (): Promise<void> => {
      await Promise.all([senders.DC1.finish(), senders.DC2.finish()]);
      await expectEverything(database, 'DC1', senders.DC1);
      await expectEverything(database, 'DC2', senders.DC2);
    };
    return { home, proxied, direct, proxy, senders, finish };
  };

  it('two processes have a site each; of one that is killed the other one takes over, and gives back', async () => {
    const { home, proxied, direct, senders, finish } = await twoProcesses();
    const [site] = (await sitesOf(proxied)) as ['DC1' | 'DC2'];
    await proxied.kill();
    const killedAt = performance.now();
    await eventually(
      'both sites are derived by the other',
      async () => (await sitesOf(direct)).length === 2,
      TAKEOVER_MS * 2,
    );
    await more(senders[site], 1);
    expect(performance.now() - killedAt).toBeLessThan(promised(TAKEOVER_MS));
    const again = await home.start();
    await eventually('each has a site again', () => eachHasOne(again, direct));
    await Promise.all([more(senders.DC1, 100), more(senders.DC2, 100)]);
    await finish();
    await eventually('the ledger rests', () => rests([again, direct]));
    expect(await home.run('verify')).toMatchObject({ code: 0 });
    expect((await again.stop()).code).toBe(0);
    expect((await direct.stop()).code).toBe(0);
  });

  it('a process that lost its database writes nothing more, gives up what was taken over, and comes back', async () => {
    const { home, proxied, direct, proxy, senders, finish } = await twoProcesses();
    const [site] = (await sitesOf(proxied)) as ['DC1' | 'DC2'];
    proxy.refuses = true;
    proxy.cut();
    await eventually(
      'both sites are derived by the other',
      async () => (await sitesOf(direct)).length === 2,
      TAKEOVER_MS * 2,
    );
    await more(senders[site], 100);
    proxy.refuses = false;
    await eventually('it has heard', () => proxied.output().includes('it is given up here'), 30_000);
    await eventually('each has a site again', () => eachHasOne(proxied, direct), 30_000);
    await Promise.all([more(senders.DC1, 100), more(senders.DC2, 100)]);
    await finish();
    await eventually('the ledger rests', () => rests([proxied, direct]));
    expect(await home.run('verify')).toMatchObject({ code: 0 }); // a row derived by both would show here
    expect((await proxied.stop()).code).toBe(0);
    expect((await direct.stop()).code).toBe(0);
    expect(proxied.output()).not.toContain('cursor-moved'); // it had not tried either
  });
});
