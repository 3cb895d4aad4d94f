// Tags by number: an EPC is looked up once a read, everything after works with small integers.
import type { SitePlan } from '../config/plan.ts';
import type { Reads } from '../wire/entries.ts';
import { identify } from '../wire/epc/decodeEpc.ts';

/** Number of a tag that the site's masks exclude. */
export const IGNORED_TAG = -1;

export interface Tags {
  /** Also holds spellings: an EPC read with padding is the same tag. */
  readonly byEpc: Map<string, number>;
  readonly epcs: string[];
  /** A shortcut of this process, no part of the state: tags by the numbers that the decoder gives EPCs. */
  shortcut: { readonly table: object; tags: Int32Array } | undefined;
}

export const noTags = (): Tags => ({ byEpc: new Map(), epcs: [], shortcut: undefined });

const NOT_LOOKED_UP = -2;

/** The same as `numberOf` for each read of a message. */
export function numbersOf(tags: Tags, plan: Pick<SitePlan, 'isIgnored'>, reads: Reads): Int32Array {
  const result = new Int32Array(reads.length);
  const { interned, epc } = reads;
  if (interned === undefined) {
    for (let index = 0; index < result.length; index++) result[index] = numberOf(tags, plan, epc[index]!);
    return result;
  }
  const { numbers, table } = interned;
  let known = tags.shortcut?.table === table ? tags.shortcut.tags : new Int32Array(0);
  for (let index = 0; index < result.length; index++) {
    const number = numbers[index]!;
    if (number >= known.length) known = grown(known, number + 1);
    let tag = number < 0 ? NOT_LOOKED_UP : known[number]!;
    if (tag === NOT_LOOKED_UP) {
      tag = numberOf(tags, plan, epc[index]!);
      if (number >= 0) known[number] = tag;
    }
    result[index] = tag;
  }
  if (tags.shortcut?.tags !== known) tags.shortcut = { table, tags: known };
  return result;
}

function grown(from: Int32Array, least: number): Int32Array {
  const result = new Int32Array(Math.max(4096, least, from.length * 2)).fill(NOT_LOOKED_UP);
  result.set(from);
  return result;
}

/** The number of a tag; a new one for a tag never seen; IGNORED_TAG for one that is no stock. */
export function numberOf(tags: Tags, plan: Pick<SitePlan, 'isIgnored'>, epc: string): number {
  const known = tags.byEpc.get(epc);
  if (known !== undefined) return known;
  const canonical = identify(epc).epc;
  let tag = canonical === epc ? undefined : tags.byEpc.get(canonical);
  if (tag === undefined) {
    tag = plan.isIgnored(canonical) ? IGNORED_TAG : tags.epcs.push(canonical) - 1;
    tags.byEpc.set(canonical, tag);
  }
  if (canonical !== epc) tags.byEpc.set(epc, tag);
  return tag;
}

/** After the masks changed: what was ignored may count now, and the other way round. */
export function forgetIgnored(tags: Tags, plan: Pick<SitePlan, 'isIgnored'>): void {
  tags.shortcut = undefined;
  for (const [epc, tag] of tags.byEpc) {
    if (tag === IGNORED_TAG) tags.byEpc.delete(epc);
    else if (plan.isIgnored(tags.epcs[tag]!)) tags.byEpc.set(epc, IGNORED_TAG);
  }
}
