// Speaks like a Zebra IoT Connector (FX9600 and kin) in INVENTORY mode over MQTT, without batching: one message a read,
// time offset without colon, lower-case hex, whole dBm, `eventNum` counting. Source: src/wire/formats/READERS.md.
import type { Observation } from '../envelopes.ts';
import { say, type Speech, type Topics } from './speech.ts';

/** The voice of one reader. State: its counters since it was switched on; tag and management events count apart. */
export function createZebra(topics: Topics): Speech {
  let tagReads = 0;
  let managementEvents = 0;
  return (observation: Observation) => {
    switch (observation.kind) {
      case 'read': {
        const { epc, antenna, rssiDbm, seenAt } = observation.read;
        const data = {
          eventNum: ++tagReads,
          format: 'epc',
          idHex: epc.toLowerCase(),
          antenna,
          ...(rssiDbm === undefined ? {} : { peakRssi: Math.round(rssiDbm) }),
          reads: 1,
        };
        return say(topics.data, observation.at, { type: 'INVENTORY', timestamp: timestamp(seenAt), data });
      }
      case 'trigger': {
        const { input, high, at } = observation.trigger;
        const data = { pin: input, state: high ? 'HIGH' : 'LOW' };
        return say(topics.management, observation.at, management('gpi', at, ++managementEvents, data));
      }
      case 'measure': {
        const { name, value, at } = observation.measure;
        const ambient = name === 'temperature.ambient' ? Math.round(value) : null;
        const data = heartbeat(ambient, tagReads, timestamp(at));
        return say(topics.management, observation.at, management('heartbeat', at, ++managementEvents, data));
      }
      default:
        return [];
    }
  };
}

const management = (type: string, at: number, eventNum: number, data: object): object => ({
  type,
  timestamp: timestamp(at),
  component: 'RG',
  eventNum,
  data,
});

const heartbeat = (ambient: number | null, tagReads: number, systemtime: string): object => ({
  radio_control: { status: 'running', numTagReads: tagReads },
  reader_gateway: { dataPathStatistics: [{ Rxed: tagReads, Txed: tagReads, Retained: 0, Dropped: 0 }] },
  system: { systemtime, temperature: { ambient, pa: ambient === null ? null : ambient + 14 } },
});

/** 2026-11-02T08:14:07.512+0000 */
const timestamp = (at: number): string => new Date(Math.floor(at)).toISOString().replace('Z', '+0000');
