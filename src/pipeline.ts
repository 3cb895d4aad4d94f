// The table of contents: what happens to a message, top to bottom. A batch travels, never a single read.
import { filter, map, merge, tap, type Observable } from 'rxjs';
import type { Effects } from './infer/effects.ts';
import { derive, type DeriveOptions } from './deriveStage.ts';
import { commit, type CommitOptions } from './intake/commit.ts';
import { decodeDelivery, type Arrival, type Routes } from './intake/decode.ts';
import type { Delivery } from './intake/delivery.ts';
import { inOrder, type Arriving, type Growing, type Order } from './intake/inOrder.ts';
import type { EffectsBatch } from './post/batch.ts';
import type { Row } from './wire/row.ts';
import { post, type Backlog, type PostOptions } from './post/stage.ts';

export interface Parts {
  /** Of the site whose session a delivery came by, or of all. */
  readonly routes: (site: string | undefined) => Routes;
  readonly nextNumber: () => bigint;
  /** What the service itself puts into the journal: ticks of silence, site files. */
  readonly own$: Observable<Arrival>;
  /** Word that somebody else has appended to the journal of a site. */
  readonly grown$: Observable<Growing>;
  readonly commit: CommitOptions;
  readonly order: Omit<Order, 'ready'>;
  readonly retry: <T>(work: () => Promise<T>) => Promise<T>;
  /** Tells a device something on its own topic; it may be lost. */
  readonly reply: (reply: NonNullable<Arrival['replies']>[number]) => void;
  /** A site may be given up while rows of it are on their way: whoever takes it over reads them. */
  readonly isDerived: (site: string) => boolean;
  readonly machineOf: DeriveOptions['machineOf'];
  readonly cuts: DeriveOptions['cuts'];
  readonly sliceMs?: DeriveOptions['sliceMs'];
  /** Told of every row, in order, before it is derived. */
  readonly onRows: (rows: readonly Row[]) => void;
  /** Told of what each row led to, before it is posted. */
  readonly onEffects: (effects: Effects) => void;
  readonly post: PostOptions;
  readonly backlog: Backlog;
}

/** From MQTT messages to what was posted. Errors of the stream are defects: the process ends and recovers. */
export function pipeline(deliveries$: Observable<Delivery>, parts: Parts): Observable<EffectsBatch> {
  const arrivals$ = deliveries$.pipe(
    map((delivery) => decodeDelivery(delivery, parts.routes(delivery.site), parts.nextNumber)), // bytes → entries, or quarantine
    tap(({ replies = [] }) => replies.forEach((reply) => parts.reply(reply))), // some devices must be asked to speak
  );
  const inserted$ = merge(arrivals$, parts.own$).pipe(
    commit(parts.commit), // committed once; PUBACK and receipt follow
    map((rows): Arriving => ({ rows })),
  );
  return merge(inserted$, parts.grown$).pipe(
    inOrder(parts.commit.journal, { ...parts.order, ready: parts.backlog.whenLess }, parts.retry), // one order a site, nothing left out
    filter((rows) => parts.isDerived(rows[0]!.site)),
    tap((rows) => parts.onRows(rows)),
    derive(parts), // row by row, in steps: reads in their own order → passages → movements → transactions
    tap((effects) => effects.forEach((effect) => parts.onEffects(effect))),
    post(parts.post, parts.backlog), // committed with the cursor, exactly once
  );
}
