// What we publish on one site's connection, QoS 1: receipts to gateways, and what else the service says. No more is on its way
// than the broker takes unacknowledged; behind that a receipt waits alone, the newest of its topic, for it says all that the
// one before it said, and everything else waits in its order. Nothing outlives a connection: a gateway without a receipt sends
// again, and is told then; who published anything else is told that it did not go out.
import type { BrokerLink } from './brokerLink.ts';

export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: string | Buffer;
  /** It says all that older ones of its topic said: they need not go out any more. */
  readonly isNewestOnly: boolean;
}

export interface Outgoing {
  /** True once the broker has it; false when it does not take it, or is not there, or too much waits already. */
  readonly publish: (message: OutgoingMessage) => Promise<boolean>;
  readonly start: (link: BrokerLink) => void;
  readonly stop: () => void;
}

const ON_THE_WAY_MAX = 200;
/** Beyond it messages are not taken: who published them tries again later. Receipts are at most one a gateway. */
const WAITING_MAX = 10_000;

interface Sending extends OutgoingMessage {
  readonly tell: (isOut: boolean) => void;
}

/** `refused` is told of the first message of each connection that the broker does not take, and why. */
export function openOutgoing(refused: (topic: string, reason: string) => void): Outgoing {
  const waiting = new Map<unknown, Sending>();
  const onTheWay = new Set<Sending>();
  let link: BrokerLink | undefined;
  let isRefusalTold = false;

  const send = (message: Sending): void => {
    onTheWay.add(message);
    link?.publish(message.topic, message.payload, (refusal) => {
      if (!onTheWay.delete(message)) return; // given up with its connection
      message.tell(refusal === undefined);
      if (refusal !== undefined && !isRefusalTold) {
        isRefusalTold = true;
        refused(message.topic, refusal);
      }
      sendNext();
    });
  };
  const sendNext = (): void => {
    const [next] = waiting;
    if (next === undefined) return;
    const [key, message] = next;
    waiting.delete(key);
    send(message);
  };
  const wait = (message: Sending): void => {
    const key = message.isNewestOnly ? message.topic : message;
    const older = waiting.get(key);
    if (older === undefined && waiting.size >= WAITING_MAX) {
      message.tell(false);
      return;
    }
    waiting.set(key, message);
    older?.tell(false);
  };
  return {
    publish: (message) =>
      new Promise((tell) => {
        if (link === undefined) tell(false);
        else if (onTheWay.size >= Math.min(ON_THE_WAY_MAX, link.receiveMaximum)) wait({ ...message, tell });
        else send({ ...message, tell });
      }),
    start(fresh) {
      link = fresh;
      isRefusalTold = false;
    },
    stop() {
      link = undefined;
      for (const { tell } of [...onTheWay, ...waiting.values()]) tell(false);
      onTheWay.clear();
      waiting.clear();
    },
  };
}
