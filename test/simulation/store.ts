// What the simulated Postgres holds of the one site that there is.

export const SITE = 'T1';

export interface JournalRecord {
  readonly journal_offset: number;
  readonly received_at: number;
  readonly kind: number;
  readonly stream: number;
  readonly seq: string;
  readonly content: Buffer;
}

export interface PostedTransaction {
  readonly id: string;
  readonly offset: number;
  readonly ordinal: number;
  /** All columns after the ordinal, as they were sent. */
  readonly content: string;
}

interface Stream {
  readonly number: number;
  readonly gateway: string;
  readonly epoch: string;
  /** Undefined for a stream that does not count. */
  readonly received: Set<number> | undefined;
  /** Everything up to here is received, or will never come. */
  through: number;
}

/** Tables of one site: the simulation has one. */
export interface Store {
  head: { next: number; receivedAt: number } | undefined;
  readonly streams: Stream[];
  readonly journal: JournalRecord[];
  /** Digests by stream and number. */
  readonly deliveries: Map<string, string>;
  readonly quarantine: { readonly code: string; readonly gateway: string | null; readonly seq: number | null }[];
  cursor: number | undefined;
  readonly transactions: Map<string, PostedTransaction>;
  readonly balances: Map<string, number>;
  readonly items: Map<string, string>;
  readonly passages: Map<string, string>;
  readonly configurations: { readonly actor: string; readonly source: unknown; readonly offset: number }[];
  snapshot: { readonly journal_offset: number; readonly decider: number; readonly shape: number } | undefined;
  readonly parts: Map<string, Map<string, Buffer>>;
  readonly takenSnapshots: number[];
}

export const openStore = (): Store => ({
  head: undefined,
  streams: [],
  journal: [],
  deliveries: new Map(),
  quarantine: [],
  cursor: undefined,
  transactions: new Map(),
  balances: new Map(),
  items: new Map(),
  passages: new Map(),
  configurations: [],
  snapshot: undefined,
  parts: new Map(),
  takenSnapshots: [],
});

/** Is this envelope in the journal, or in quarantine? */
export function isKept(store: Store, gateway: string, epoch: string, seq: number): boolean {
  const stream = store.streams.find((each) => each.gateway === gateway && each.epoch === epoch);
  return stream !== undefined && store.deliveries.has(`${stream.number} ${seq}`);
}
