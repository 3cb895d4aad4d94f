// What the service counts of itself, for /metrics. Every stage says what it received, sent, rejected and dropped, and the
// sums must add up.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { EffectsBatch } from '../post/batch.ts';
import type { Row } from '../wire/row.ts';
import { noCommits, type CommitFigures } from '../intake/commit.ts';

export interface Figures {
  readonly registry: Registry;
  readonly commit: CommitFigures;
  readonly rowsDerived: Counter;
  readonly readsDerived: Counter;
  readonly passages: Counter<'outcome'>;
  readonly transactions: Counter<'type'>;
  readonly compensations: Counter;
  readonly discrepancies: Counter<'kind'>;
  readonly findings: Counter<'kind'>;
  readonly postSeconds: (seconds: number) => void;
  readonly snapshotSeconds: Histogram;
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Gauges are asked when somebody looks. */
export interface Asked {
  readonly broker: () => { connections: number; heldDeliveries: number; heldBytes: number; refused: number };
  /** Of a broker that is not ours. */
  readonly sessions?: (() => { connected: number; sessions: number }) | undefined;
  readonly waitingRows: () => number;
  readonly sites: () => readonly {
    site: string;
    lagRows: number;
    openSightings: number;
    items: number;
    tags: number;
  }[];
}

export function openFigures(asked: Asked): Figures {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'tallygate_' });
  const registers = [registry];
  const commitSeconds = new Histogram({
    name: 'tallygate_intake_commit_seconds',
    help: 'Time of one journal commit.',
    buckets: SECONDS,
    registers,
  });
  const postSeconds = new Histogram({
    name: 'tallygate_post_commit_seconds',
    help: 'Time of one ledger commit.',
    buckets: SECONDS,
    registers,
  });
  const commit = noCommits((seconds) => commitSeconds.observe(seconds));
  const intake = new Counter({
    name: 'tallygate_intake_messages_total',
    help: 'Messages by what became of them: received = fresh + duplicate + conflict + quarantined + ignored + dropped + waiting.',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset();
      this.inc({ result: 'received' }, commit.arrived);
      this.inc({ result: 'fresh' }, commit.fresh);
      this.inc({ result: 'duplicate' }, commit.duplicates);
      this.inc({ result: 'conflict' }, commit.conflicts);
      this.inc({ result: 'quarantined' }, commit.quarantined);
      this.inc({ result: 'ignored' }, commit.ignored);
      this.inc({ result: 'dropped' }, commit.dropped);
    },
  });
  void intake;
  gauge(
    'tallygate_intake_rejected_entries',
    'Entries set aside in quarantine, of messages that were otherwise taken.',
    (set) => set(commit.rejectedEntries),
  );
  gauge('tallygate_intake_unknown_fields', 'Fields of envelopes that are no part of the contract.', (set) =>
    set(commit.unknownFields),
  );
  gauge('tallygate_mqtt_connections', 'MQTT connections.', (set) => set(asked.broker().connections));
  gauge('tallygate_mqtt_held_deliveries', 'Deliveries not yet acknowledged.', (set) =>
    set(asked.broker().heldDeliveries),
  );
  gauge('tallygate_mqtt_held_bytes', 'Bytes not yet acknowledged.', (set) => set(asked.broker().heldBytes));
  gauge('tallygate_mqtt_refused', 'Connections and publishes refused.', (set) => set(asked.broker().refused));
  const { sessions } = asked;
  if (sessions !== undefined) {
    gauge('tallygate_mqtt_sessions', 'Sites consumed from the external broker.', (set) => set(sessions().sessions));
    gauge('tallygate_mqtt_sessions_connected', 'Of these, sites whose session is connected now.', (set) =>
      set(sessions().connected),
    );
  }
  gauge('tallygate_post_waiting_rows', 'Journal rows derived but not yet posted.', (set) => set(asked.waitingRows()));
  const perSite = (name: string, help: string, of: (site: ReturnType<Asked['sites']>[number]) => number): void => {
    void new Gauge({
      name,
      help,
      labelNames: ['site'],
      registers,
      collect() {
        this.reset();
        for (const site of asked.sites()) this.set({ site: site.site }, of(site));
      },
    });
  };
  perSite('tallygate_journal_lag_rows', 'Journal rows not yet in the ledger.', (site) => site.lagRows);
  perSite('tallygate_open_sightings', 'Tags in the field of a portal.', (site) => site.openSightings);
  perSite('tallygate_items', 'Items and containers known.', (site) => site.items);
  perSite('tallygate_tags', 'Tags ever heard since the last snapshot was loaded.', (site) => site.tags);
  return {
    registry,
    commit,
    rowsDerived: new Counter({ name: 'tallygate_rows_derived_total', help: 'Journal rows derived.', registers }),
    readsDerived: new Counter({ name: 'tallygate_reads_total', help: 'Reads derived.', registers }),
    passages: new Counter({
      name: 'tallygate_passages_total',
      help: 'Passages decided.',
      labelNames: ['outcome'],
      registers,
    }),
    transactions: new Counter({
      name: 'tallygate_transactions_total',
      help: 'Transactions posted.',
      labelNames: ['type'],
      registers,
    }),
    compensations: new Counter({
      name: 'tallygate_compensations_total',
      help: 'Transactions undone by later evidence.',
      registers,
    }),
    discrepancies: new Counter({
      name: 'tallygate_discrepancies_total',
      help: 'Discrepancies opened.',
      labelNames: ['kind'],
      registers,
    }),
    findings: new Counter({
      name: 'tallygate_findings_total',
      help: 'Faults of the installation found.',
      labelNames: ['kind'],
      registers,
    }),
    postSeconds: (seconds) => postSeconds.observe(seconds),
    snapshotSeconds: new Histogram({
      name: 'tallygate_snapshot_seconds',
      help: 'Time to take and write a snapshot.',
      buckets: SECONDS,
      registers,
    }),
  };

  function gauge(name: string, help: string, read: (set: (value: number) => void) => void): void {
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        read((value) => this.set(value));
      },
    });
  }
}

/** Rows as they are derived. */
export function countRows(rows: readonly Row[], figures: Figures): void {
  figures.rowsDerived.inc(rows.length);
  let reads = 0;
  for (const row of rows) if (row.kind === 'entries') reads += row.entries.reads.length;
  figures.readsDerived.inc(reads);
}

/** What was posted. */
export function countEffects({ effects }: EffectsBatch, figures: Figures): void {
  for (const { passages, transactions, discrepancies, findings } of effects) {
    for (const { outcome } of passages) figures.passages.inc({ outcome });
    for (const { type, supersedes } of transactions) {
      if (supersedes === undefined) figures.transactions.inc({ type });
      else figures.compensations.inc();
    }
    for (const { kind } of discrepancies) figures.discrepancies.inc({ kind });
    for (const { kind, closedAt } of findings) if (closedAt === undefined) figures.findings.inc({ kind });
  }
}
