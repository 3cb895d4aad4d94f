// Sparkplug B 3.0: the metrics of an edge node and of the devices behind it, as measures of the node: `freezer/temperature`. Births say what
// aliases mean and begin the sequence; a data message whose alias or sequence number does not fit is no guess of ours: what can be
// understood is kept, and the node is asked to be born again. What a node was born with is remembered here, not in the journal: after
// a restart, or another site file, it is asked once.
import { rejected } from '../../kit/faults.ts';
import { EntriesBuilder } from '../entries.ts';
import { plausibleTime, printableName } from './field.ts';
import type { DecodedMessage, DeviceIdentity, Format, RejectedEntry } from './format.ts';
import { MESSAGE_BYTES_MAX } from './message.ts';
import { decodeSparkplug, rebirthCommand, type SparkplugMetric, type SparkplugPayload } from './sparkplugPayload.ts';

const NAMESPACE = 'spBv1.0';
/** A node is asked again after this time at the earliest. */
const ASK_AGAIN_MS = 10_000;
const NODES_MAX = 1000;
const ALIASES_MAX = 50_000;
const NAME_CHARS_MAX = 100;
const SEQUENCE = 256;

interface Node {
  /** By device of the node (empty for its own) and alias: the name of the metric. */
  readonly names: Map<string, string>;
  /** The sequence number that comes next; undefined until it was born. */
  next: number | undefined;
  askedAt: number;
}

interface Topic {
  readonly group: string;
  readonly type: string;
  readonly node: string;
  /** Empty for the node itself. */
  readonly device: string;
}

/** A decoder of its own for each device of the site file: it remembers what its nodes were born with. */
export function sparkplugB(): Format {
  const nodes = new Map<string, Node>();
  return { name: 'sparkplug-b', decode: (bytes, device) => decode(nodes, bytes, device) };
}

const NOTHING = { rejects: [], gaps: [], selfIdentified: false } as const;
const ignored = (): DecodedMessage => ({ ...NOTHING, entries: new EntriesBuilder().build(), ignored: 'status' });

function decode(nodes: Map<string, Node>, bytes: Uint8Array, identity: DeviceIdentity): DecodedMessage {
  const topic = topicOf(identity.topic ?? '');
  // Commands of others, and our own that come back.
  if (topic === undefined || !/^[ND](?:BIRTH|DATA|DEATH)$/.test(topic.type)) return ignored();
  if (bytes.length > MESSAGE_BYTES_MAX)
    throw rejected('too-large', `The message has ${bytes.length} bytes; at most ${MESSAGE_BYTES_MAX} are read.`);
  const payload = decodeSparkplug(bytes);
  const key = `${topic.group}/${topic.node}`;
  let node = nodes.get(key);
  if (node === undefined) {
    if (nodes.size >= NODES_MAX)
      throw rejected('too-many', `More than ${NODES_MAX} edge nodes publish as ${identity.id}.`);
    nodes.set(key, (node = { names: new Map(), next: undefined, askedAt: Number.NEGATIVE_INFINITY }));
  }
  const draft: Draft = { topic, node, identity, payload, entries: new EntriesBuilder(), rejects: [], isLost: false };
  const lost = follow(draft);
  if (topic.type.endsWith('DEATH')) bury(draft);
  else for (const metric of payload.metrics) take(draft, metric);
  return finished(draft, lost);
}

interface Draft {
  readonly topic: Topic;
  readonly node: Node;
  readonly identity: DeviceIdentity;
  readonly payload: SparkplugPayload;
  readonly entries: EntriesBuilder;
  readonly rejects: RejectedEntry[];
  /** Whether the node must be born again. */
  isLost: boolean;
}

function topicOf(text: string): Topic | undefined {
  const [namespace, group, type, node, device = '', ...more] = text.split('/');
  if (namespace !== NAMESPACE || group === undefined || type === undefined || node === undefined || more.length > 0)
    return undefined;
  return { group, type, node, device };
}

/** Keeps the sequence, and what is born; how many messages are missing before this one. */
function follow(draft: Draft): number {
  const { topic, node, payload, entries } = draft;
  const { type } = topic;
  const at = timeOf(draft, payload.at);
  if (type === 'NBIRTH') {
    node.names.clear();
    node.next = ((payload.seq ?? 0) + 1) % SEQUENCE;
  }
  if (type.endsWith('BIRTH')) {
    entries.measure({ device: draft.identity.id, name: nameIn(draft, 'online'), value: 1, at });
    for (const { name, alias } of payload.metrics)
      if (name !== undefined && alias !== undefined && node.names.size < ALIASES_MAX)
        node.names.set(`${topic.device}\n${alias}`, name);
  }
  // A death is the will of a connection, and has no place in the sequence.
  if (type === 'NBIRTH' || type === 'NDEATH') return 0;
  if (node.next === undefined) {
    draft.isLost = true;
    return 0;
  }
  const seq = payload.seq ?? node.next;
  const lost = (seq - node.next + SEQUENCE) % SEQUENCE;
  node.next = (seq + 1) % SEQUENCE;
  if (lost > 0) draft.isLost = true;
  return lost;
}

/** A node that has gone takes its devices along. */
function bury(draft: Draft): void {
  const { node, topic, entries, identity } = draft;
  const at = timeOf(draft, draft.payload.at);
  entries.measure({ device: identity.id, name: nameIn(draft, 'online'), value: 0, at });
  if (topic.type === 'DDEATH') return;
  node.names.clear();
  node.next = undefined;
}

function take(draft: Draft, metric: SparkplugMetric): void {
  const { topic, node, identity, entries, rejects } = draft;
  const said = metric.name ?? node.names.get(`${topic.device}\n${metric.alias ?? ''}`);
  if (said === undefined) {
    draft.isLost = true;
    rejects.push({
      code: 'unknown-alias',
      reason: `Alias ${metric.alias ?? 'none'} of ${topic.node} was not born yet; the node is asked to be born again.`,
      content: JSON.stringify({ ...topic, alias: metric.alias ?? null, value: metric.value ?? null }),
    });
    return;
  }
  // Controls are for whoever commands the node, bdSeq binds a death to its birth.
  if (
    metric.value === undefined ||
    said === 'bdSeq' ||
    said.startsWith('Node Control/') ||
    said.startsWith('Device Control/')
  )
    return;
  const name = printableName(nameIn(draft, said), NAME_CHARS_MAX);
  const at = timeOf(draft, metric.at ?? draft.payload.at);
  if (name === undefined || Number.isNaN(at)) {
    rejects.push({
      code: name === undefined ? 'bad-entry' : 'bad-time',
      reason: `Metric ${JSON.stringify(said.slice(0, 200))} of ${topic.node}: ${name === undefined ? `its name is too long, or not printable` : 'its time is none between 2000 and 2100'}.`,
      content: JSON.stringify({ ...topic, metric: said.slice(0, 200), value: metric.value, at: metric.at ?? null }),
    });
    return;
  }
  entries.measure({ device: identity.id, name, value: metric.value, at });
}

const nameIn = ({ topic }: Draft, name: string): string => (topic.device === '' ? name : `${topic.device}/${name}`);
const timeOf = ({ identity }: Draft, at: number | undefined): number =>
  at === undefined ? identity.receivedAt : plausibleTime(at);

function finished(draft: Draft, lost: number): DecodedMessage {
  const { topic, node, identity, payload, entries, rejects } = draft;
  const at = payload.at ?? identity.receivedAt;
  const isAsked = draft.isLost && identity.receivedAt - node.askedAt >= ASK_AGAIN_MS;
  if (isAsked) node.askedAt = identity.receivedAt;
  return {
    entries: entries.build(),
    rejects,
    gaps: lost > 0 ? [{ from: at, to: at, lost }] : [],
    // Births and deaths of one moment are alike; data has a sequence number and a time.
    selfIdentified: payload.seq !== undefined && payload.at !== undefined,
    ...(entries.size === 0 && rejects.length === 0 && lost === 0 ? { ignored: 'status' as const } : {}),
    ...(isAsked
      ? {
          replies: [
            { topic: `${NAMESPACE}/${topic.group}/NCMD/${topic.node}`, payload: rebirthCommand(identity.receivedAt) },
          ],
        }
      : {}),
  };
}
