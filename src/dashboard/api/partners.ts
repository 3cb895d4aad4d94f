// What the API answers of partners and of returns to suppliers.
export type PartnerKind = 'supplier' | 'customer' | 'carrier';

export interface Partner {
  readonly site: string;
  readonly kind: PartnerKind;
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  /** Share of a line by which more or less is no difference; of suppliers. */
  readonly tolerance: number | null;
}

export interface SupplierReturn {
  readonly id: string;
  readonly site: string;
  readonly supplier: string;
  readonly inbound: string | null;
  readonly authorisation: string | null;
  readonly state: 'open' | 'sent' | 'closed';
  readonly by: string;
  readonly createdAt: string;
  readonly quantity: number;
  readonly sent: number;
  readonly lines: readonly {
    readonly line: string;
    readonly sku: string;
    readonly lot: string | null;
    readonly status: string;
    readonly quantity: number;
    readonly sent: number;
    readonly epcs: readonly string[];
  }[];
}

/** What a customer said that it sends back, and what came of it. */
export interface AnnouncedReturn {
  readonly id: string;
  readonly site: string;
  readonly order: string | null;
  readonly customer: string;
  readonly state: 'open' | 'received' | 'closed';
  readonly by: string;
  readonly expectedBy: string | null;
  readonly createdAt: string;
  readonly quantity: number;
  readonly received: number;
  readonly lines: readonly {
    readonly line: string;
    readonly sku: string;
    readonly lot: string | null;
    readonly because: string;
    readonly quantity: number;
    readonly received: number;
    readonly short: number;
    readonly over: number;
    readonly epcs: readonly string[];
  }[];
}

/** What a customer was sent and that came back; of an item, what it is by now. */
export interface CustomerReturn {
  readonly id: string;
  readonly site: string;
  readonly epc: string | null;
  readonly sku: string | null;
  readonly quantity: number | null;
  readonly location: string;
  readonly returnedAt: string;
  readonly status: string | null;
  readonly order: string | null;
  readonly line: string | null;
  readonly customer: string | null;
  readonly announced: { readonly return: string; readonly line: string; readonly because: string } | null;
  readonly shippedAt: string | null;
  readonly pick: { readonly movement: string; readonly from: string; readonly by: string | null } | null;
}
