// The topics of section 4.1: who may say what where.

export type Topic =
  | { readonly kind: 'envelope'; readonly site: string; readonly gateway: string }
  | { readonly kind: 'status'; readonly site: string; readonly gateway: string }
  | { readonly kind: 'receipt'; readonly site: string; readonly gateway: string }
  | { readonly kind: 'alert'; readonly site: string }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'device' };

const ROOT = 'tallygate';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

const known = new Map<string, Topic>();
const KNOWN_MAX = 10_000;

/** What a topic is for. Everything outside `tallygate/` belongs to devices; a wrong topic inside it is malformed. */
export function parseTopic(topic: string): Topic {
  let meaning = known.get(topic);
  if (meaning === undefined) {
    meaning = parsed(topic);
    // Few topics carry nearly all messages; whoever makes up new ones shall not fill our memory with them.
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(topic, meaning);
  }
  return meaning;
}

function parsed(topic: string): Topic {
  if (!topic.startsWith(`${ROOT}/`)) return topic === ROOT ? { kind: 'malformed' } : { kind: 'device' };
  const [, version, site, gateway, leaf, ...more] = topic.split('/');
  if (version !== 'v1' || site === undefined || gateway === undefined || leaf === undefined)
    return { kind: 'malformed' };
  if (!NAME.test(site) || !NAME.test(gateway) || more.length > 0) return { kind: 'malformed' };
  if (gateway === 'alert') return { kind: 'alert', site };
  if (leaf === 'envelope' || leaf === 'status' || leaf === 'receipt') return { kind: leaf, site, gateway };
  return { kind: 'malformed' };
}

export const envelopeTopic = (site: string, gateway: string): string => `${ROOT}/v1/${site}/${gateway}/envelope`;
export const statusTopic = (site: string, gateway: string): string => `${ROOT}/v1/${site}/${gateway}/status`;
export const receiptTopic = (site: string, gateway: string): string => `${ROOT}/v1/${site}/${gateway}/receipt`;
export const alertTopic = (site: string, kind: string): string => `${ROOT}/v1/${site}/alert/${kind}`;

/** MQTT 3.1.1, section 4.7: does a topic filter match a topic? */
export function topicMatches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  const wanted = filter.split('/');
  const given = topic.split('/');
  if (topic.startsWith('$') && !filter.startsWith('$')) return false; // [MQTT-4.7.2-1]
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true; // also matches the parent level [MQTT-4.7.1-2]
    if (index >= given.length || (level !== '+' && level !== given[index])) return false;
  }
  return wanted.length === given.length;
}
