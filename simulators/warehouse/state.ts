// The warehouse as data: everything that must survive a restart, in plain JSON. Chance is not in here: every decision
// draws from a stream named after what it is about (a load, a trailer, an order), see floor.ts.
import type { Waypoint } from '../radio/track.ts';

export type LoadId = number;

/** A serialised thing: an item, a case, or a foreign tag that hangs on somebody else's goods. */
export interface Unit {
  readonly epc: string;
  /** SKU by the site's rules, else GTIN-14; null for foreign tags. */
  readonly sku: string | null;
  readonly gtin14: string | null;
  readonly serial: number;
  readonly level: 'item' | 'case' | 'foreign';
  readonly tagged: boolean;
  /** EPC of the case or pallet that it is in; null on a cart. */
  container: string | null;
}

/** What moves as one: a pallet with its label, or a picker's cart. */
export interface Load {
  readonly id: LoadId;
  readonly kind: 'pallet' | 'cart';
  /** SSCC-96 of a pallet; null for a cart. */
  readonly epc: string | null;
  readonly serial: number;
  /** EPCs, cases before what is in them. Replaced, never changed: whoever has seen the list has seen the load. */
  units: readonly string[];
  /** Location id, or the outside of a door. */
  place: string;
  /** Finer than the location: the bin. */
  bin: string | null;
  track: readonly Waypoint[];
  /** Something is planned for it: nothing else may be. */
  claimed: boolean;
  /** It stands beside a door, ready to be loaded into a trailer. */
  stagedOut: boolean;
}

/** What a truck is called for. */
export type Job =
  | { readonly kind: 'unload'; readonly load: LoadId; readonly dock: number }
  | { readonly kind: 'put-away'; readonly load: LoadId }
  | { readonly kind: 'stage-out'; readonly load: LoadId; readonly dock: number }
  | { readonly kind: 'load'; readonly load: LoadId; readonly dock: number; readonly slot: number };

/** What a load does on its way. */
export type Mark =
  /** It is somewhere else from now on. */
  | {
      readonly kind: 'moved';
      readonly as: MovementKind;
      readonly to: string;
      readonly readPoint: string | null;
      readonly bin?: string;
      readonly directed?: string;
    }
  /** Something that looks like a movement and is none. */
  | { readonly kind: 'noted'; readonly as: NoteKind; readonly readPoint: string | null };

/** `received` and `shipped` through a door, `docked` and `staged` to and from the door, the rest inside. */
export type MovementKind = 'received' | 'staged' | 'put_away' | 'picked' | 'docked' | 'shipped';
export type NoteKind = 'turned_back' | 'stopped' | 'pass_by' | 'parked' | 'left_behind' | 'packed';

export type Task = { readonly at: number; readonly order: number } & (
  | { readonly kind: 'trailer'; readonly dock: number }
  | { readonly kind: 'next-at-dock'; readonly dock: number }
  | { readonly kind: 'depart'; readonly dock: number }
  | { readonly kind: 'mark'; readonly load: LoadId; readonly mark: Mark }
  | { readonly kind: 'beam'; readonly dock: number; readonly by: string; readonly broken: boolean }
  | { readonly kind: 'done'; readonly truck: number; readonly job: Job }
  | { readonly kind: 'staged-long-enough'; readonly load: LoadId }
  | { readonly kind: 'order' }
  | { readonly kind: 'at-bench'; readonly load: LoadId; readonly orderNumber: number }
  | { readonly kind: 'scan'; readonly data: string; readonly orderNumber: number }
  | { readonly kind: 'pack'; readonly load: LoadId; readonly orderNumber: number }
);

/** A task before the agenda has numbered it. */
export type Planned = Task extends infer T ? (T extends Task ? Omit<T, 'order'> : never) : never;

export interface DockState {
  mode: 'empty' | 'inbound' | 'outbound';
  /** Trailers that have stood here. */
  trailers: number;
  /** Loads still to be taken through the door, next first. */
  waiting: LoadId[];
  /** Loads in the trailer that leave with it. */
  aboard: LoadId[];
  /** Who stands in the beam of the photo-eye: trucks and loads. */
  inBeam: readonly string[];
}

export interface TruckState {
  job: Job | null;
  x: number;
  y: number;
}

export interface WarehouseState {
  readonly version: 1;
  readonly site: string;
  readonly seed: number;
  now: number;
  nextOrder: number;
  nextLoad: LoadId;
  nextItemSerial: number;
  nextPalletSerial: number;
  orders: number;
  units: Record<string, Unit>;
  loads: Record<string, Load>;
  docks: DockState[];
  trucks: TruckState[];
  jobs: Job[];
  /** By `at`, then `order`. */
  agenda: Task[];
  /** The pallet that is being packed at the bench. */
  packing: LoadId | null;
  /** A cart is on its way to the bench or stands there. */
  picking: boolean;
}
