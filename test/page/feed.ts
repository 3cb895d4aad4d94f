// Speaks to the service as a gateway would, and asks the API what became of it.
import { connectAsync, type MqttClient } from 'mqtt';
import { envelope, readEntries, type ReadSpec } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

export interface Place {
  readonly url: string;
  readonly mqttUrl: string;
}

export interface Feed {
  /** Reads of a site, in envelopes of one gateway, acknowledged. */
  readonly reads: (site: string, reads: readonly ReadSpec[]) => Promise<void>;
  /** Bytes on any topic, acknowledged. */
  readonly publish: (topic: string, payload: string, isRetained?: boolean) => Promise<void>;
  readonly end: () => Promise<void>;
}

const READS_A_MESSAGE = 400;
let feeds = 0;

export async function openFeed({ mqttUrl }: Place): Promise<Feed> {
  const client: MqttClient = await connectAsync(mqttUrl);
  // A gateway without a memory of its own begins a new epoch whenever it starts.
  const epoch = `page-${process.pid}-${++feeds}`;
  const sequences = new Map<string, number>();
  const publish = async (topic: string, payload: string, retain = false): Promise<void> => {
    await client.publishAsync(topic, payload, { qos: 1, retain });
  };
  return {
    publish,
    async reads(site, reads) {
      for (let from = 0; from < reads.length; from += READS_A_MESSAGE) {
        const seq = (sequences.get(site) ?? 0) + 1;
        sequences.set(site, seq);
        const entries = readEntries(reads.slice(from, from + READS_A_MESSAGE));
        await publish(`tallygate/v1/${site}/gw-1/envelope`, envelope({ epoch, seq }, { reads: entries }));
      }
    },
    end: () => client.endAsync(),
  };
}

/** What the API answers. */
export async function ask<T>({ url }: Place, path: string): Promise<T> {
  const response = await fetch(url + path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Says something to the API that is carried out. */
export async function tell({ url }: Place, path: string, body: object, method: 'POST' | 'PUT' = 'POST'): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

/** Has the API drop something. */
export async function drop({ url }: Place, path: string): Promise<void> {
  const response = await fetch(url + path, { method: 'DELETE' });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

/** Waits until a list of the API has at least so many. */
export async function untilListed(place: Place, path: string, least: number): Promise<void> {
  await eventually(
    `${path} lists ${least}`,
    async () => {
      const { items } = await ask<{ items: unknown[] }>(place, path);
      if (items.length < least) throw new Error(`it lists ${items.length}`);
      return true;
    },
    25_000,
  );
}
