// What a first version of such a service looks like: it subscribes, and inserts each read as it comes.
import { connect } from 'mqtt';
import pg from 'pg';

interface Envelope {
  readonly reads: readonly { reader: string; antenna: number; epc: string; rssiDbm: number; seenAt: string }[];
}

const INSERT = 'insert into read (reader, antenna, epc, rssi_dbm, seen_at) values ($1, $2, $3, $4, $5)';
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const client = connect(process.env['MQTT_URL']!, { clientId: 'naive', clean: false });
client.on('message', (_topic, payload) => {
  for (const { reader, antenna, epc, rssiDbm, seenAt } of (JSON.parse(payload.toString()) as Envelope).reads)
    void pool.query({ name: 'insert', text: INSERT, values: [reader, antenna, epc, rssiDbm, seenAt] });
});
client.on('connect', () => client.subscribe('tallygate/v1/+/+/envelope', { qos: 1 }));
