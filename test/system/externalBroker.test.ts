// The whole service behind a real Mosquitto, killed as in life: what had a receipt is in the journal, once; what had not comes again.
import { describe, expect, it } from 'vitest';
import { installBehind, isReady, more } from '../support/behindBroker.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { expectEverything } from '../support/everything.ts';
import { missingMosquitto, openMosquitto, type Mosquitto } from '../support/mosquitto.ts';
import { startPromised } from '../support/promisedSender.ts';
import { eventually } from '../support/wait.ts';

const missing = missingMosquitto();

describe.skipIf(missing !== undefined)(`behind Mosquitto${missing ? ` (${missing})` : ''}`, () => {
  const behindMosquitto = async (environment: NodeJS.ProcessEnv = {}) => {
    const mosquitto = await openMosquitto(closeAfterTest);
    return { mosquitto, home: installBehind(mosquitto.url, ['DC1'], environment) };
  };
  const sendTo = (mosquitto: Mosquitto) =>
    startPromised(mosquitto.url, { site: 'DC1', gateway: 'gw-1' }, closeAfterTest);

  it.each(['3.1.1', '5'])('kill -9 of the service under load loses and doubles nothing (MQTT %s)', async (version) => {
    const { mosquitto, home } = await behindMosquitto({ TALLYGATE_MQTT_VERSION: version });
    let service = await home.start();
    const sender = await sendTo(mosquitto);
    await more(sender, 200);
    await service.kill();
    service = await home.start();
    await more(sender, 200);
    await sender.finish();
    await expectEverything(await home.database(), 'DC1', sender);
    expect(await home.run('verify')).toMatchObject({ code: 0 });
    expect((await service.stop()).code).toBe(0);
  });

  it('kill -9 of the broker loses nothing that had a receipt; the service goes on by itself when it is back', async () => {
    const { mosquitto, home } = await behindMosquitto();
    const service = await home.start();
    const sender = await sendTo(mosquitto);
    for (let kill = 0; kill < 2; kill++) {
      await more(sender, 200);
      await mosquitto.kill();
      await eventually('it is not ready', async () => !(await isReady(service)));
      await mosquitto.start();
      await eventually('it is ready again', () => isReady(service), 20_000);
    }
    await more(sender, 200);
    await sender.finish();
    await expectEverything(await home.database(), 'DC1', sender);
    expect((await service.stop()).code).toBe(0);
  });
});
