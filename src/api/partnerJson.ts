// Partners and returns to suppliers as they are answered, and the rows that they are made of.
import { Type } from 'typebox';
import { PARTNER_KINDS, type PartnerKind } from '../wire/partner.ts';
import { SUPPLIER_RETURN_STATES, type SupplierReturnState } from '../wire/supplierReturn.ts';
import { formatTime } from '../wire/time.ts';
import { Text } from './inboundJson.ts';
import { timeText } from './lists.ts';

const DateTime = Type.String({ format: 'date-time' });

export const PartnerJson = Type.Object({
  site: Type.String(),
  kind: Type.Enum([...PARTNER_KINDS]),
  id: Type.String(),
  revision: Type.Integer(),
  name: Type.String(),
  address: Text,
  tolerance: Type.Union([Type.Number(), Type.Null()], {
    description: 'Of a supplier: share of a line by which more or less is no difference.',
  }),
  changedAt: DateTime,
});

export interface PartnerRow {
  readonly site: string;
  readonly kind: PartnerKind;
  readonly partner_id: string;
  readonly revision: number;
  readonly name: string;
  readonly address: string | null;
  readonly tolerance: number | null;
  readonly changed_at: number;
  readonly journal_offset: number;
}

export const partnerJson = (row: PartnerRow) => ({
  site: row.site,
  kind: row.kind,
  id: row.partner_id,
  revision: row.revision,
  name: row.name,
  address: row.address,
  tolerance: row.tolerance,
  changedAt: formatTime(row.changed_at),
});

export const SupplierReturnJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  supplier: Type.String(),
  inbound: Type.Union([Type.String(), Type.Null()], { description: 'What it came with.' }),
  authorisation: Type.Union([Type.String(), Type.Null()], {
    description: 'The number under which the supplier takes it back.',
  }),
  owner: Text,
  state: Type.Enum([...SUPPLIER_RETURN_STATES], {
    description: 'Some of it is here still; all of it left; nobody sends any more of it.',
  }),
  by: Type.String(),
  createdAt: DateTime,
  changedAt: DateTime,
  closedAt: Text,
  quantity: Type.Number(),
  sent: Type.Number(),
  lines: Type.Array(
    Type.Object({
      line: Type.String(),
      sku: Type.String(),
      lot: Text,
      status: Type.String(),
      quantity: Type.Number(),
      sent: Type.Number({ description: 'More than the quantity when more left than was to.' }),
      epcs: Type.Array(Type.String(), { description: 'The very items; none where any of the SKU will do.' }),
    }),
  ),
});

export interface SupplierReturnRow {
  readonly site: string;
  readonly return_id: string;
  readonly supplier: string;
  readonly inbound: string | null;
  readonly authorisation: string | null;
  readonly owner: string;
  readonly state: SupplierReturnState;
  readonly made_by: string;
  readonly created_at: number;
  readonly changed_at: number;
  readonly closed_at: number | null;
  readonly quantity: number;
  readonly sent: number;
  readonly lines: readonly {
    readonly line: string;
    readonly sku: string;
    readonly lot: string;
    readonly status: string;
    readonly quantity: number;
    readonly sent: number;
    readonly epcs: readonly string[];
  }[];
  readonly journal_offset: number;
}

export const supplierReturnJson = (row: SupplierReturnRow) => ({
  id: row.return_id,
  site: row.site,
  supplier: row.supplier,
  inbound: row.inbound,
  authorisation: row.authorisation,
  owner: row.owner || null,
  state: row.state,
  by: row.made_by,
  createdAt: formatTime(row.created_at),
  changedAt: formatTime(row.changed_at),
  closedAt: timeText(row.closed_at),
  quantity: row.quantity,
  sent: row.sent,
  lines: row.lines.map(({ line, sku, lot, status, quantity, sent, epcs }) => ({
    line,
    sku,
    lot: lot || null,
    status,
    quantity,
    sent,
    epcs: [...epcs],
  })),
});
