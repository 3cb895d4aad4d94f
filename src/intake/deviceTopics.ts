// The topics that devices publish on, as subscriptions of one session: a broker may give a message once for each of them that it
// matches [MQTT-3.3.5-1], and of a message without number or time of its own the second would count.
import { topicMatches } from '../wire/topics.ts';

/** Without filters that another one covers. */
export function withoutCovered(topics: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const topic of new Set(topics)) {
    if (kept.some((other) => covers(other, topic))) continue;
    kept.splice(0, kept.length, ...kept.filter((other) => !covers(topic, other)), topic);
  }
  return kept;
}

/** Pairs of filters that have topics in common although neither covers the other: nothing but other topics helps. */
export function overlapping(topics: readonly string[]): readonly (readonly [string, string])[] {
  const apart = withoutCovered(topics);
  return apart.flatMap((topic, index) =>
    apart
      .slice(index + 1)
      .filter((other) => overlap(topic.split('/'), other.split('/')))
      .map((other) => [topic, other] as const),
  );
}

/** Does every topic that `filter` matches match `wide` as well? Its wildcards are levels that only wildcards take. */
const covers = (wide: string, filter: string): boolean =>
  topicMatches(wide, filter) && (!filter.endsWith('#') || wide.endsWith('#'));

/** Is there a topic that both match? */
function overlap([first, ...rest]: readonly string[], [other, ...others]: readonly string[]): boolean {
  if (first === '#' || other === '#') return true; // also matches the parent level [MQTT-4.7.1-2]
  if (first === undefined || other === undefined) return first === other;
  return (first === other || first === '+' || other === '+') && overlap(rest, others);
}
