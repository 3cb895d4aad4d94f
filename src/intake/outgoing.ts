// What we publish on one site's connection: receipts, and what else the service says. No more is on its way than the broker takes
// unacknowledged; what waits behind that is one message a topic, the newest, because a receipt says all that the one before it
// said. Nothing waits while there is no connection: a gateway without a receipt sends again, and is told then.
import type { BrokerLink } from './brokerLink.ts';

export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export interface Outgoing {
  readonly publish: (message: OutgoingMessage) => void;
  readonly start: (link: BrokerLink) => void;
  readonly stop: () => void;
}

const ON_THE_WAY_MAX = 200;

export function openOutgoing(): Outgoing {
  const waiting = new Map<string, OutgoingMessage>();
  let link: BrokerLink | undefined;
  let onTheWay = 0;

  const send = (message: OutgoingMessage): void => {
    const { topic, payload, qos, retain } = message;
    const on = link;
    onTheWay++;
    on?.publish(topic, payload, { qos, retain }, () => {
      if (on !== link) return;
      onTheWay--;
      const next = waiting.values().next().value;
      if (next === undefined) return;
      waiting.delete(next.topic);
      send(next);
    });
  };
  return {
    publish(message) {
      if (link === undefined) return;
      if (onTheWay >= Math.min(ON_THE_WAY_MAX, link.receiveMaximum)) waiting.set(message.topic, message);
      else send(message);
    },
    start(fresh) {
      link = fresh;
      onTheWay = 0;
    },
    stop() {
      link = undefined;
      waiting.clear();
    },
  };
}
