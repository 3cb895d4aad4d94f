// What partners, and returns to them, have become. Times in ms.
import type { PartnerKind } from '../wire/partner.ts';
import type { SupplierReturnState } from '../wire/supplierReturn.ts';

export interface Partner {
  readonly kind: PartnerKind;
  readonly id: string;
  readonly revision: number;
  readonly name: string;
  readonly address: string | undefined;
  /** Share of a line; of suppliers. */
  readonly tolerance: number | undefined;
  readonly changedAt: number;
}

/** A partner that changed, or that is not there any more. */
export interface PartnerEffect {
  readonly kind: PartnerKind;
  readonly id: string;
  readonly partner: Partner | undefined;
}

export interface SupplierReturnEffect {
  readonly id: string;
  readonly supplier: string;
  readonly inbound: string | undefined;
  readonly authorisation: string | undefined;
  readonly owner: string;
  readonly state: SupplierReturnState;
  readonly by: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly closedAt: number | undefined;
  readonly quantity: number;
  readonly sent: number;
  readonly lines: readonly SupplierReturnLineEffect[];
}

export interface SupplierReturnLineEffect {
  readonly line: string;
  readonly sku: string;
  readonly lot: string;
  readonly status: string;
  readonly quantity: number;
  readonly sent: number;
  readonly epcs: readonly string[];
}
