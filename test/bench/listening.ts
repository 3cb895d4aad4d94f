// A listener of the live stream that notes when each movement came.
import { messageOf } from '../../src/kit/faults.ts';
import type { Client } from '../../src/store/database.ts';

/** Movement → when its event came, ms by the clock. */
export type Heard = ReadonlyMap<string, number>;

/** Movements that are remembered; what comes after them is heard and not noted. */
const HEARD_MOST = 200_000;

/** Listens to the movements of a site until it is stopped, which throws when the stream had ended before. */
export async function listen(base: string, site: string): Promise<{ readonly stop: () => Heard }> {
  const heard = new Map<string, number>();
  const ending = new AbortController();
  const response = await fetch(`${base}/v1/live?site=${site}&types=movement`, { signal: ending.signal });
  if (!response.ok || response.body === null) throw new Error(`/v1/live: ${response.status}`);
  let failure: unknown;
  void note(response.body, heard).catch((error: unknown) => (failure = ending.signal.aborted ? undefined : error));
  return {
    stop: () => {
      if (failure !== undefined) throw new Error(`The live stream ended: ${messageOf(failure)}`, { cause: failure });
      ending.abort();
      return heard;
    },
  };
}

async function note(body: ReadableStream<Uint8Array>, heard: Map<string, number>): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const now = Date.now();
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (!line.startsWith('data: {"id"') || heard.size >= HEARD_MOST) continue;
      const { id } = JSON.parse(line.slice('data: '.length)) as { readonly id: string };
      heard.set(id, now);
    }
  }
}

/** Of movements that doors or zones decided: ms from the arrival of the row of the journal that decided them to their event. */
export async function seenAfter(owner: Client, site: string, heard: Heard): Promise<readonly number[]> {
  const { rows } = await owner.query<{ id: string; received_at: number }>(
    `select t.id, extract(epoch from j.received_at) * 1000 as received_at
     from transaction t join journal j on j.site = t.site and j.journal_offset = t.journal_offset
     where t.site = $1 and t.id = any ($2::uuid[]) and t.source = 'read'`,
    [site, [...heard.keys()]],
  );
  return rows.map(({ id, received_at: receivedAt }) => heard.get(id)! - receivedAt);
}
