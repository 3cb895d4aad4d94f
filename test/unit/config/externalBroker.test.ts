// TALLYGATE_MQTT_*: what the environment says of a broker of one's own, over the file; a bad value is told by its name.
import { describe, expect, it } from 'vitest';
import { publicUrl } from '../../../src/kit/brokerAddress.ts';
import { serviceConfig, unknownVariables, type ServiceFile } from '../../../src/config/service.ts';

function read(environment: NodeJS.ProcessEnv, file: ServiceFile = {}) {
  const problems: string[] = [];
  const { externalBroker } = serviceConfig(file, environment, (variable, reason) =>
    problems.push(`${variable}: ${reason}`),
  );
  return { externalBroker, problems };
}

describe('a broker of one’s own', () => {
  it('is none unless there is a URL', () => {
    expect(read({ TALLYGATE_MQTT_USERNAME: 'u' })).toEqual({ externalBroker: undefined, problems: [] });
  });

  it('is one URL, or the nodes of a cluster; variables go before the file', () => {
    const file = { mqtt: { url: 'mqtt://file', username: 'file', version: 4 as const, ca: 'ca.pem' } };
    expect(read({}, file).externalBroker).toMatchObject({
      urls: ['mqtt://file'],
      username: 'file',
      version: 4,
      clientId: 'tallygate',
    });
    const environment = {
      TALLYGATE_MQTT_URL: 'mqtts://a:8883, mqtts://b:8883',
      TALLYGATE_MQTT_USERNAME: 'u',
      TALLYGATE_MQTT_PASSWORD: 'p',
      TALLYGATE_MQTT_VERSION: '5',
      TALLYGATE_MQTT_CLIENT_ID: 'acme',
    };
    expect(read(environment, file).externalBroker).toEqual({
      urls: ['mqtts://a:8883', 'mqtts://b:8883'],
      username: 'u',
      password: 'p',
      passwordFile: undefined,
      ca: 'ca.pem',
      cert: undefined,
      key: undefined,
      version: 5,
      clientId: 'acme',
    });
    expect(unknownVariables(environment, { alerts: {}, carriers: [] })).toEqual([]);
  });

  it.each([
    [
      { TALLYGATE_MQTT_URL: 'broker:1883' },
      /^TALLYGATE_MQTT_URL: broker:1883 \(mqtt\.url\) is no URL of a broker: it begins with mqtt:/,
    ],
    [{ TALLYGATE_MQTT_URL: 'http://broker' }, /^TALLYGATE_MQTT_URL: http:\/\/broker/],
    [{ TALLYGATE_MQTT_URL: 'mqtt://a,,mqtt://b' }, /^TALLYGATE_MQTT_URL: /],
    [
      { TALLYGATE_MQTT_URL: 'mqtt://a', TALLYGATE_MQTT_VERSION: '3.1' },
      /^TALLYGATE_MQTT_VERSION: 3\.1 is not one of 3\.1\.1, 5$/,
    ],
    [
      { TALLYGATE_MQTT_URL: 'mqtt://a', TALLYGATE_MQTT_CERT: 'c' },
      /^TALLYGATE_MQTT_CERT: goes with TALLYGATE_MQTT_KEY/,
    ],
    [
      { TALLYGATE_MQTT_URL: 'mqtt://a', TALLYGATE_MQTT_CLIENT_ID: 'a b' },
      /^TALLYGATE_MQTT_CLIENT_ID: a b has other characters/,
    ],
  ])('%j is told as it is', (environment, problem) => {
    expect(read(environment).problems).toEqual([expect.stringMatching(problem)]);
  });

  it.each([
    ['http://me:secret@broker', 'http://…@broker'],
    ['http://me:se,cret@broker', 'http://…@broker'],
    ['mqtt://me:secret/1@broker:1883', 'mqtt://…@broker:1883'],
    ['mqtt://a,mqtt://me:se#c@ret@b', 'mqtt://…@b'],
    ['me:secret@broker:1883', '…@broker:1883'],
  ])('and never its password: of %s only %s', (url, told) => {
    const { problems } = read({ TALLYGATE_MQTT_URL: url });
    expect(problems).toEqual([expect.stringContaining(`TALLYGATE_MQTT_URL: ${told} (mqtt.url)`)]);
    expect(problems[0]).not.toMatch(/secret|cret@|ret@|se,|se#/);
  });

  it('may have a password with commas in it', () => {
    const { externalBroker, problems } = read({ TALLYGATE_MQTT_URL: 'mqtt://me:a,b,@one, mqtts://me:,c@two:8883' });
    expect(problems).toEqual([]);
    expect(externalBroker!.urls).toEqual(['mqtt://me:a,b,@one', 'mqtts://me:,c@two:8883']);
    expect(publicUrl(externalBroker!.urls.join(','))).toBe('mqtt://one,mqtts://two:8883');
  });
});
