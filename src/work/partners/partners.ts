// Partners of a site as one state: suppliers, customers and carriers by their numbers.
import type { Partner, PartnerEffect } from '../../infer/partnerEffects.ts';
import type { PartnerKind } from '../../wire/partner.ts';
import { takeAll } from '../takeAll.ts';

export interface Partners {
  readonly byKey: Map<string, Partner>;
  /** Changed since it was last told, and since the last snapshot. */
  readonly untold: Set<string>;
  readonly unsaved: Set<string>;
}

export const openPartners = (): Partners => ({ byKey: new Map(), untold: new Set(), unsaved: new Set() });

/** A kind is one word. */
export const partnerKey = (kind: PartnerKind, id: string): string => `${kind} ${id}`;

export const partnerOf = ({ byKey }: Pick<Partners, 'byKey'>, kind: PartnerKind, id: string): Partner | undefined =>
  byKey.get(partnerKey(kind, id));

export function putPartner({ byKey, untold, unsaved }: Partners, partner: Partner): void {
  const key = partnerKey(partner.kind, partner.id);
  byKey.set(key, partner);
  untold.add(key);
  unsaved.add(key);
}

export function dropPartner({ byKey, untold, unsaved }: Partners, { kind, id }: Partner): void {
  const key = partnerKey(kind, id);
  byKey.delete(key);
  untold.add(key);
  unsaved.add(key);
}

/** What a dry run may change: nothing of it is told or saved. */
export const copyPartners = ({ byKey }: Partners): Partners => ({
  byKey: new Map(byKey),
  untold: new Set(),
  unsaved: new Set(),
});

/** What has changed since it was last asked. */
export const partnersTold = ({ byKey, untold }: Partners): PartnerEffect[] =>
  takeAll(untold, (key) => {
    const [kind, id] = namesOf(key);
    return { kind, id, partner: byKey.get(key) };
  });

function namesOf(key: string): readonly [PartnerKind, string] {
  const end = key.indexOf(' ');
  return [key.slice(0, end) as PartnerKind, key.slice(end + 1)];
}

export function takeUnsavedPartners({ byKey, unsaved }: Partners): (readonly [key: string, Partner | undefined])[] {
  return takeAll(unsaved, (key) => [key, byKey.get(key)] as const);
}

export const restorePartner = ({ byKey }: Partners, partner: Partner): void => {
  byKey.set(partnerKey(partner.kind, partner.id), partner);
};
