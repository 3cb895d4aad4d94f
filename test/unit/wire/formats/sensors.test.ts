// Sensors behind Zigbee2MQTT and ChirpStack, with messages as their documentation shows them.
import { describe, expect, it } from 'vitest';
import { formatOf } from '../../../../src/wire/formats/formats.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const decode = (format: string, message: unknown) =>
  formatOf(format).decode(Buffer.from(JSON.stringify(message)), { id: 'cold', receivedAt: NOW });
const told = (format: string, message: unknown) =>
  decode(format, message).entries.measures.map(({ name, value, unit, at }) => [name, value, unit, at - NOW]);

describe('Zigbee2MQTT', () => {
  it('measures with the units that it gives, at arrival unless it says when', () => {
    const state = {
      battery: 97,
      humidity: 81.5,
      linkquality: 120,
      temperature: 4.2,
      voltage: 3015,
      power_outage_count: 3,
    };
    expect(told('zigbee2mqtt', state)).toEqual([
      ['battery', 97, '%', 0],
      ['humidity', 81.5, '%', 0],
      ['linkquality', 120, undefined, 0],
      ['temperature', 4.2, 'Cel', 0],
      ['voltage', 3015, 'mV', 0],
      ['power_outage_count', 3, undefined, 0],
    ]);
    expect(decode('zigbee2mqtt', state).selfIdentified).toBe(false);
    for (const seen of ['2026-11-23T11:59:00.000Z', NOW - 60_000]) {
      expect(told('zigbee2mqtt', { temperature: 4, last_seen: seen })).toEqual([['temperature', 4, 'Cel', -60_000]]);
      expect(decode('zigbee2mqtt', { temperature: 4, last_seen: seen }).selfIdentified).toBe(true);
    }
  });

  it('says whether a door is closed, a plug is on, a meter runs', () => {
    expect(told('zigbee2mqtt', { contact: true, tamper: false })).toEqual([
      ['contact', 1, undefined, 0],
      ['tamper', 0, undefined, 0],
    ]);
    expect(told('zigbee2mqtt', { state: 'ON', voltage: 231, power: 12.5 })).toEqual([
      ['state', 1, undefined, 0],
      ['voltage', 231, 'V', 0],
      ['power', 12.5, 'W', 0],
    ]);
  });

  it('says nothing by what is nested or text, and is told what is wrong with its time', () => {
    expect(decode('zigbee2mqtt', { update: { state: 'idle' }, action: 'single', temperature: null })).toMatchObject({
      ignored: 'status',
    });
    expect(decode('zigbee2mqtt', { temperature: 4, last_seen: 'yesterday' }).rejects).toMatchObject([
      { code: 'bad-time', reason: expect.stringContaining('/last_seen') },
    ]);
  });
});

describe('ChirpStack', () => {
  const up = {
    deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
    time: '2026-11-23T11:59:58.250Z',
    deviceInfo: { deviceName: 'Cold room', devEui: '0101010101010101' },
    fCnt: 12,
    fPort: 2,
    data: 'qg==',
    object: { temperatureSensor: { '1': 4.5 }, temperature: 4.25, isOpen: true, model: 'EM300' },
    rxInfo: [
      { gatewayId: 'aa', rssi: -98, snr: 3.5 },
      { gatewayId: 'bb', rssi: -61, snr: 9 },
    ],
  };

  it('measures what its codec decoded, and how well it was heard', () => {
    expect(told('chirpstack', up)).toEqual([
      ['temperatureSensor.1', 4.5, undefined, -1750],
      ['temperature', 4.25, 'Cel', -1750],
      ['isOpen', 1, undefined, -1750],
      ['lorawan.rssi', -61, 'dBm', -1750],
      ['lorawan.snr', 9, 'dB', -1750],
      ['lorawan.fCnt', 12, undefined, -1750],
    ]);
    expect(decode('chirpstack', up).selfIdentified).toBe(true);
  });

  it('tells battery and margin of a status, and nothing of what is no measure', () => {
    const status = {
      deduplicationId: 'x',
      time: '2026-11-23T12:00:00Z',
      margin: 10,
      batteryLevel: 75.59,
      externalPowerSource: false,
    };
    expect(told('chirpstack', status)).toEqual([
      ['lorawan.margin', 10, 'dB', 0],
      ['lorawan.battery', 75.59, '%', 0],
    ]);
    expect(decode('chirpstack', { time: '2026-11-23T12:00:00Z', devAddr: '00189440' })).toMatchObject({
      ignored: 'status',
    });
    expect(decode('chirpstack', { ...up, time: 'soon' }).rejects).toMatchObject([{ code: 'bad-time' }]);
  });
});
