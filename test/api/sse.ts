// A listener of server-sent events, as a browser is one: it takes what comes, and remembers the last id.
import { inTime } from '../support/wait.ts';

export interface SentEvent {
  readonly type: string;
  readonly id: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect of it
  readonly data: any;
}

export interface EventStream {
  readonly status: number;
  readonly headers: Headers;
  readonly events: readonly SentEvent[];
  /** The id that the stream named last, with or without an event. */
  readonly lastId: () => string;
  readonly of: (type: string) => SentEvent[];
  readonly hangUp: () => Promise<void>;
}

/** Connects, and waits until the stream has begun: from then on nothing is missed. */
export async function listenTo(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const hangUp = new AbortController();
  const response = await inTime('the answer', fetch(url, { headers, signal: hangUp.signal }));
  const events: SentEvent[] = [];
  let lastId = '';
  let text = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        lastId = fields.get('id') ?? lastId;
        const data = fields.get('data');
        if (data !== undefined)
          events.push({ type: fields.get('event') ?? 'message', id: lastId, data: JSON.parse(data) as unknown });
      }
    }
  })().catch(() => {}); // hung up
  return {
    status: response.status,
    headers: response.headers,
    events,
    lastId: () => lastId,
    of: (type) => events.filter((event) => event.type === type),
    async hangUp() {
      hangUp.abort();
      await reading;
    },
  };
}
