// Speaks like an Impinj reader with the IoT device interface (R700) over MQTT, default fields: one event a message, EPC in
// base64url, centi-dBm, nine fraction digits. Source: src/wire/formats/READERS.md.
import type { Observation } from '../envelopes.ts';
import { say, type Speech, type Topics } from './speech.ts';

/** The four high-power channels of the European band, in kHz (ETSI EN 302 208). */
const CHANNELS_KHZ = [865_700, 866_300, 866_900, 867_500] as const;
const TRANSMIT_POWER_CDBM = 3000;

/** The voice of one reader. State: which channel it hops to next. */
export function createImpinj(topics: Topics): Speech {
  let reports = 0;
  return (observation: Observation) => {
    switch (observation.kind) {
      case 'read': {
        const { epc, antenna, rssiDbm, seenAt } = observation.read;
        const tagInventoryEvent = {
          epc: base64Url(epc),
          antennaPort: antenna,
          ...(rssiDbm === undefined ? {} : { peakRssiCdbm: Math.round(rssiDbm * 100) }),
          frequency: CHANNELS_KHZ[reports++ % CHANNELS_KHZ.length],
          transmitPowerCdbm: TRANSMIT_POWER_CDBM,
        };
        return say(topics.data, observation.at, {
          timestamp: timestamp(seenAt),
          eventType: 'tagInventory',
          tagInventoryEvent,
        });
      }
      case 'trigger': {
        const { input, high, at } = observation.trigger;
        const gpiTransitionEvent = { gpi: input, transition: high ? 'low-to-high' : 'high-to-low' };
        return say(topics.data, observation.at, {
          timestamp: timestamp(at),
          eventType: 'gpiTransition',
          gpiTransitionEvent,
        });
      }
      // It tells nothing about its health in this stream, but keeps the connection warm.
      case 'measure':
        return say(topics.data, observation.at, []);
      default:
        return [];
    }
  };
}

/** With the padding that the readers write. */
const base64Url = (hex: string): string =>
  Buffer.from(hex, 'hex').toString('base64').replaceAll('+', '-').replaceAll('/', '_');

/** 2026-11-02T08:14:09.944189000Z */
function timestamp(at: number): string {
  const micros = Math.round((at - Math.floor(at)) * 1000) % 1000;
  return `${new Date(Math.floor(at)).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}000Z`;
}
