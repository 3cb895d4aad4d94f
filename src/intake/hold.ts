// What has been delivered and is not settled yet: counted, so that there is a bound, and in the order of each connection.
import type { Connection } from './delivery.ts';
import type { Gate } from './frameGuard.ts';

export type Hold = ReturnType<typeof openHold>;

/** Counts what is held, keeps turns within a connection, and closes the gate when too much is held. */
export function openHold(bytesMax: number) {
  let bytes = 0;
  let deliveries = 0;
  let waiting: (() => void)[] = [];
  const held = new Map<Connection, { count: number; turns: { ahead: number; readonly done: () => void }[] }>();
  const gate: Gate = { isClosed: () => bytes >= bytesMax, whenOpen: (resume) => waiting.push(resume) };

  const open = (): void => {
    if (bytes >= bytesMax || waiting.length === 0) return;
    const resumes = waiting;
    waiting = [];
    for (const resume of resumes) setImmediate(resume);
  };
  return {
    gate,
    bytes: () => bytes,
    deliveries: () => deliveries,
    /** Holds a delivery; the function returned releases it, once. */
    take(connection: Connection, size: number, done: () => void): () => void {
      bytes += size;
      deliveries++;
      const own = held.get(connection) ?? { count: 0, turns: [] };
      own.count++;
      held.set(connection, own);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        bytes -= size;
        deliveries--;
        own.count--;
        if (!connection.isClosed()) done();
        if (own.count === 0) held.delete(connection);
        // Deliveries of a connection are settled in order, so each one settled is one fewer ahead.
        for (const turn of own.turns) turn.ahead--;
        while (own.turns.length > 0 && own.turns[0]!.ahead <= 0) own.turns.shift()!.done();
        open();
      };
    },
    /** Runs after everything that the connection has held by now; at once when there is nothing. */
    inTurn(connection: Connection, done: () => void): void {
      const own = held.get(connection);
      if (own === undefined) done();
      else own.turns.push({ ahead: own.count, done });
    },
    forget(connection: Connection): void {
      const own = held.get(connection);
      if (own !== undefined) own.turns.length = 0;
    },
  };
}
