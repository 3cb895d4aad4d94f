// What people and systems ask of a site: journalled like a message, decided by the site's writer, answered with an outcome.
import { Type, type Static } from 'typebox';
import { AnnouncedReturnCommands, type AnnouncedReturnCommand } from './announcedReturn.ts';
import { AppointmentCommands, type AppointmentCommand } from './appointment.ts';
import { CheckCommands, type CheckCommand } from './checks.ts';
import { base, Epc, Name, Quantity, Sku } from './commandFields.ts';
import { AdjustmentCommands, STATUSES, type AnyAdjustmentCommand } from './adjusting.ts';
import { CountCommands, type CountCommand } from './counting.ts';
import { FeedCommands, type FeedCommand } from './feed.ts';
import { Id } from './id.ts';
import { ImportCommands, type ImportCommand } from './import.ts';
import { InboundCommands, type InboundCommand } from './inbound.ts';
import { PackingCommands, type PackingCommand } from './packing.ts';
import { PartnerCommands, type PartnerCommand } from './partner.ts';
import { ParcelCommands, type ParcelCommand } from './parcel.ts';
import { TransferCommands, type TransferCommand } from './transfer.ts';
import { OutboundCommands, type OutboundCommand } from './outbound.ts';
import { ProductCommands, type ProductCommand } from './product.ts';
import { QueueCommands, type QueueCommand } from './queue.ts';
import { SupplierReturnCommands, type SupplierReturnCommand } from './supplierReturn.ts';
import { TaskCommands, type TaskCommand } from './task.ts';

/** Stock without serial numbers: so much of a SKU, as it lies there. */
const plain = {
  sku: Sku,
  quantity: Quantity,
  lot: Name,
  owner: Name,
};

const Move = Type.Object({
  kind: Type.Literal('move'),
  ...base,
  epc: Type.Optional(Epc),
  sku: Type.Optional(Sku),
  quantity: Type.Optional(Quantity),
  lot: plain.lot,
  owner: plain.owner,
  status: Type.Optional(
    Type.Enum([...STATUSES], {
      description:
        '`returned`, from `world`: a customer sends it back. When left out it is `available`, or `receiving` where nothing of it is available and so much has come in.',
    }),
  ),
  from: Type.Optional(Id),
  to: Id,
  load: Type.Optional(
    Type.String({
      ...Id,
      description:
        'Of stock without serial numbers: to `world` with this open load, or from `world` off it again. When left out it goes with the load of the order that it was picked for.',
    }),
  ),
});
const Identify = Type.Object({
  kind: Type.Literal('identify'),
  ...base,
  epc: Epc,
  sku: Sku,
  lot: plain.lot,
  owner: plain.owner,
});
const Decide = Type.Object({
  kind: Type.Literal('decide'),
  ...base,
  passage: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
  outcome: Type.Enum(['in', 'out', 'turned_back', 'stayed', 'stray']),
});
const Pack = Type.Object({
  kind: Type.Literal('pack'),
  ...base,
  container: Type.String({ ...Epc, description: 'EPC of the pallet, case or tote.' }),
  epcs: Type.Array(Epc, { minItems: 1, maxItems: 5000 }),
});
const Unpack = Type.Object({
  kind: Type.Literal('unpack'),
  ...base,
  container: Epc,
  epcs: Type.Optional(Type.Array(Epc, { minItems: 1, maxItems: 5000, description: 'Everything when left out.' })),
});
const Settle = Type.Object({
  kind: Type.Literal('settle'),
  ...base,
  discrepancy: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
});
const LoadSite = Type.Object({
  kind: Type.Literal('load-site'),
  ...base,
  source: Type.Unsafe<{ file: unknown; rules?: unknown }>(
    Type.Object({ file: Type.Unknown(), rules: Type.Optional(Type.Unknown()) }),
  ),
});

export const CommandSchemas = {
  move: Move,
  identify: Identify,
  decide: Decide,
  pack: Pack,
  unpack: Unpack,
  settle: Settle,
  'load-site': LoadSite,
  ...CheckCommands,
  ...InboundCommands,
  ...OutboundCommands,
  ...PackingCommands,
  ...ParcelCommands,
  ...ProductCommands,
  ...TaskCommands,
  ...QueueCommands,
  ...ImportCommands,
  ...CountCommands,
  ...AdjustmentCommands,
  ...TransferCommands,
  ...PartnerCommands,
  ...SupplierReturnCommands,
  ...AnnouncedReturnCommands,
  ...AppointmentCommands,
  ...FeedCommands,
} as const;

export type Command =
  | Static<typeof Move>
  | Static<typeof Identify>
  | Static<typeof Decide>
  | Static<typeof Pack>
  | Static<typeof Unpack>
  | Static<typeof Settle>
  | Static<typeof LoadSite>
  | CheckCommand
  | InboundCommand
  | OutboundCommand
  | PackingCommand
  | ParcelCommand
  | ProductCommand
  | TaskCommand
  | QueueCommand
  | ImportCommand
  | CountCommand
  | AnyAdjustmentCommand
  | TransferCommand
  | PartnerCommand
  | SupplierReturnCommand
  | AnnouncedReturnCommand
  | AppointmentCommand
  | FeedCommand;
export type CommandKind = Command['kind'];

/** A command as the journal keeps it. */
export interface CommandContent {
  /** `Idempotency-Key`: the same key with the same command is the same command. */
  readonly key: string;
  readonly actor: string;
  readonly command: Command;
}

/** What became of a command. */
export type CommandOutcome =
  | {
      readonly status: 'done';
      readonly transactions: readonly string[];
      readonly detail?: Readonly<Record<string, unknown>>;
    }
  | { readonly status: 'refused'; readonly code: string; readonly message: string };
