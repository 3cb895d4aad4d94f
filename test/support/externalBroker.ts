// The engine behind a broker that is not ours.
import type { ExternalBroker } from '../../src/config/externalBroker.ts';
import { brokerUrls } from '../../src/kit/brokerAddress.ts';

/** As `TALLYGATE_MQTT_URL` alone would say. */
export const brokerAt = (url: string, more: Partial<ExternalBroker> = {}): ExternalBroker => ({
  urls: brokerUrls(url)!,
  username: undefined,
  password: undefined,
  passwordFile: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  version: undefined,
  clientId: 'tallygate',
  ...more,
});
