// The service behind a real cluster of three NATS servers: one of them dies, the service and its gateway go on with the others.
import { describe, expect, it } from 'vitest';
import { installBehind, isReady, more } from '../support/behindBroker.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { expectEverything } from '../support/everything.ts';
import { missingNats, openNatsCluster } from '../support/natsCluster.ts';
import { startPromised } from '../support/promisedSender.ts';
import { promised } from '../support/serviceProcess.ts';
import { eventually } from '../support/wait.ts';

const missing = missingNats();

describe.skipIf(missing !== undefined)(`a NATS cluster${missing ? ` (${missing})` : ''}`, () => {
  it('whose node dies, the one that the service speaks to, goes on with the others', async () => {
    const cluster = await openNatsCluster(closeAfterTest);
    // Of the version that NATS speaks at the first attempt, which is at the first node; a second one would be at the next.
    const home = installBehind(cluster.url, ['DC1'], { TALLYGATE_MQTT_VERSION: '3.1.1' });
    const service = await home.start();
    const sender = await startPromised(cluster.url, { site: 'DC1', gateway: 'gw-1' }, closeAfterTest);
    await more(sender, 100);
    await cluster.nodes[0]!.kill();
    await eventually('it has lost its connection', () => service.output().includes('the broker is not reached'));
    await more(sender, 100);
    await sender.finish();
    await eventually('it is ready', () => isReady(service), promised(20_000));
    await expectEverything(await home.database(), 'DC1', sender);
    expect((await service.stop()).code).toBe(0);
  });
});
