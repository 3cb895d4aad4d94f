// One thing of a site, loaded and then as the live stream tells it.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import { site } from '../live/sites.ts';
import { onLive, type LiveBatch } from '../live/stream.ts';
import { useLoad, type Loaded } from './useLoad.ts';

/** Kinds of which the stream tells whole ones, by their number. */
type Told = {
  [K in keyof LiveBatch]: LiveBatch[K] extends readonly { readonly id: string }[] ? K : never;
}[keyof LiveBatch];

/** `path` is the list that it is of. `told` is what the stream said last: what is loaded after it says the same or more. */
export function useOne<K extends Told>(
  kind: K,
  path: string,
  id: string,
): { readonly loaded: Loaded<LiveBatch[K][number]>; readonly told: LiveBatch[K][number] | undefined } {
  type One = LiveBatch[K][number] & { readonly id: string };
  const siteId = site.value!.site;
  const loaded = useLoad(`${siteId} ${id}`, (signal) =>
    get<One>(`${path}/${encodeURIComponent(id)}`, { site: siteId }, signal),
  );
  const [told, setTold] = useState<One | undefined>(undefined);
  useEffect(
    () =>
      onLive((batch) => {
        const last = (batch[kind] as readonly One[]).findLast((one) => one.id === id);
        if (last !== undefined) setTold(last);
      }),
    [kind, id],
  );
  useEffect(() => setTold(undefined), [loaded.value]);
  return { loaded, told };
}
