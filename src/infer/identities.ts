// What everything that was ever read is called in a barcode: its Digital Link path leads to its EPC. The path follows from the EPC, so it
// is not kept but made again of those that have its hash: some 25 bytes a tag, where a map of paths takes a hundred. No part of a snapshot.
import { decodeEpc } from '../wire/epc/decodeEpc.ts';
import { identityOf } from '../wire/epc/digitalLink.ts';

export interface Identities {
  /** Numbers of EPCs, and one, by the hash of what they are called; 0 for none. A power of two, at most half full. */
  slots: Int32Array;
  /** By number. */
  readonly epcs: string[];
  readonly hashes: number[];
}

const FIRST_SLOTS = 1024;

export const openIdentities = (): Identities => ({ slots: new Int32Array(FIRST_SLOTS), epcs: [], hashes: [] });

/** Remembers what a tag is called. Of two tags that are called the same the lower EPC stands for both. */
export function learnIdentity(identities: Identities, epc: string): void {
  const identity = calledOf(epc);
  if (identity === undefined) return;
  const { epcs, hashes } = identities;
  const hash = hashOf(identity);
  const slot = slotOf(identities, identity, hash);
  const known = identities.slots[slot]! - 1;
  if (known >= 0) {
    if (epc < epcs[known]!) epcs[known] = epc;
    return;
  }
  hashes.push(hash);
  identities.slots[slot] = epcs.push(epc);
  if (epcs.length * 2 > identities.slots.length) grow(identities);
}

/** The tag that is called so; undefined when none was ever read. */
export const epcCalled = (identities: Identities, identity: string): string | undefined =>
  identities.epcs[identities.slots[slotOf(identities, identity, hashOf(identity))]! - 1];

function calledOf(epc: string): string | undefined {
  const decoded = decodeEpc(epc);
  return decoded.kind === 'gs1' ? identityOf(decoded) : undefined;
}

/** Where it stands, or would. */
function slotOf({ slots, epcs, hashes }: Identities, identity: string, hash: number): number {
  const mask = slots.length - 1;
  let slot = hash & mask;
  for (let number = slots[slot]! - 1; number >= 0; number = slots[(slot = (slot + 1) & mask)]! - 1)
    if (hashes[number] === hash && calledOf(epcs[number]!) === identity) return slot;
  return slot;
}

function grow(identities: Identities): void {
  const slots = new Int32Array(identities.slots.length * 2);
  const mask = slots.length - 1;
  for (const [number, hash] of identities.hashes.entries()) {
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = number + 1;
  }
  identities.slots = slots;
}

/** FNV-1a (Fowler, Noll, Vo) over the characters, and its high bits mixed into the low ones, by which slots are chosen. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash ^ (hash >>> 15);
}
