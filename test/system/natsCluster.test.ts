// The service behind a real cluster of three NATS servers: one of them dies, the service and its gateway go on with the others.
import { describe, expect, it } from 'vitest';
import { expectEverything, installBehind, isReady, more } from '../support/behindBroker.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { missingNats, openNatsCluster } from '../support/natsCluster.ts';
import { startPromised } from '../support/promisedSender.ts';
import { promised } from '../support/serviceProcess.ts';
import { eventually } from '../support/wait.ts';

const missing = missingNats();

describe.skipIf(missing !== undefined)(`a NATS cluster${missing ? ` (${missing})` : ''}`, () => {
  it('whose node dies, the one that the service speaks to, goes on with the others', async () => {
    const cluster = await openNatsCluster(closeAfterTest);
    const home = installBehind(cluster.url, ['DC1']);
    const service = await home.start();
    const sender = await startPromised(cluster.url, { site: 'DC1', gateway: 'gw-1' }, closeAfterTest);
    await more(sender, 100);
    await cluster.nodes[0]!.kill();
    await more(sender, 100);
    await sender.finish();
    await eventually('it is ready', () => isReady(service), promised(20_000));
    await expectEverything(await home.database(), 'DC1', sender);
    expect((await service.stop()).code).toBe(0);
  });
});
