// Effects as the machines would give them, for tests of the ledger: only what a test says, all else empty.
import type { Discrepancy, Effects, ItemEffect, PassageEffect, Posting, Transaction } from '../../src/infer/effects.ts';
import { contentId } from '../../src/kit/ids.ts';

export const SITE = 'L1';
export const NOON = Date.UTC(2026, 10, 23, 12);

export const effectsOf = (offset: number, some: Partial<Effects> = {}): Effects => ({
  site: SITE,
  offset,
  receivedAt: NOON + offset,
  transactions: [],
  passages: [],
  evidence: [],
  discrepancies: [],
  settled: [],
  items: [],
  findings: [],
  doorHours: [],
  doubts: [],
  inbounds: [],
  lists: [],
  orders: [],
  picks: [],
  loads: [],
  cartons: [],
  pickErrors: [],
  products: [],
  docked: [],
  tasks: [],
  jobs: [],
  counts: [],
  transfers: [],
  partners: [],
  supplierReturns: [],
  announcedReturns: [],
  appointments: [],
  snapshots: [],
  notices: [],
  adjustments: [],
  outcome: undefined,
  configuration: undefined,
  ...some,
});

export const account = (location: string, status = 'available', container = '') => ({ location, container, status });

export const postingOf = (some: Partial<Posting> = {}): Posting => ({
  sku: 'X',
  lot: '',
  owner: '',
  epc: undefined,
  quantity: 1,
  from: account('supplier', ''),
  to: account('DOCK'),
  ...some,
});

export function transactionOf(name: string | number, some: Partial<Transaction> = {}): Transaction {
  return {
    id: contentId('test', name),
    type: 'move',
    happenedAt: NOON,
    source: 'read',
    confidence: 1,
    epc: undefined,
    sku: 'X',
    lot: '',
    owner: '',
    quantity: 1,
    container: '',
    from: 'world',
    to: 'DOCK',
    readPoint: undefined,
    decision: undefined,
    supersedes: undefined,
    actor: undefined,
    reason: undefined,
    postings: [postingOf()],
    ...some,
  };
}

export const discrepancyOf = (name: string | number, some: Partial<Discrepancy> = {}): Discrepancy => ({
  id: contentId('discrepancy', name),
  kind: 'test',
  severity: 'info',
  happenedAt: NOON,
  message: 'look here',
  ...some,
});

export const itemOf = (epc: string, some: Partial<ItemEffect> = {}): ItemEffect => ({
  epc,
  kind: 'item',
  sku: 'X',
  lot: '',
  owner: '',
  location: 'DOCK',
  container: '',
  status: 'available',
  since: NOON,
  confidence: 1,
  seenAt: NOON,
  seenBy: 'DOOR',
  transaction: undefined,
  ...some,
});

export const passageOf = (name: string | number, some: Partial<PassageEffect> = {}): PassageEffect => ({
  id: contentId('passage', name),
  revision: 1,
  readPoint: 'DOOR',
  epc: 'AA',
  sku: undefined,
  firstAt: NOON,
  lastAt: NOON,
  crossedAt: NOON,
  outcome: 'in',
  leading: 'in',
  probability: 1,
  group: undefined,
  inferred: false,
  decidedBy: undefined,
  ...some,
});
