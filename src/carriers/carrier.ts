// Who takes parcels, behind one interface: what it costs, the booking with its label, where it is, and taking the booking back.
import type { CarrierFile, Collection } from '../config/carriers.ts';
import { restCarrier } from './rest.ts';

/** A closed carton that is to be sent. Inner sides of its type in mm, weight in g; undefined where nobody knows. */
export interface Parcel {
  readonly carton: string;
  readonly order: string;
  readonly customer: string;
  readonly shipTo: string | undefined;
  readonly shipFrom: string | undefined;
  readonly weightG: number | undefined;
  readonly lengthMm: number | undefined;
  readonly widthMm: number | undefined;
  readonly heightMm: number | undefined;
}

export interface Rate {
  readonly service: string;
  readonly price: number;
  readonly currency: string | undefined;
}

export interface Booked {
  readonly tracking: string;
  readonly label: { readonly mediaType: string; readonly content: Buffer } | undefined;
}

export interface Whereabouts {
  readonly status: string;
  readonly at: string | undefined;
}

/** Every function throws an Error with words for a person when the carrier does not do it; never with the secret in them. */
export interface Carrier {
  readonly id: string;
  readonly kind: CarrierFile['kind'];
  /** When it comes, and what it offers. */
  readonly collection: Collection;
  readonly rates?: (parcel: Parcel) => Promise<readonly Rate[]>;
  /** `tracking` is a number that somebody got elsewhere; `key` makes asking again harmless where the carrier knows such keys. */
  readonly label: (
    parcel: Parcel,
    wanted: { readonly service: string | undefined; readonly tracking: string | undefined; readonly key: string },
  ) => Promise<Booked>;
  readonly tracking?: (parcel: Parcel, tracking: string) => Promise<Whereabouts>;
  readonly void?: (parcel: Parcel, tracking: string) => Promise<void>;
}

export const openCarriers = (
  files: readonly CarrierFile[],
  secret: (variable: string) => string | undefined,
): ReadonlyMap<string, Carrier> =>
  new Map(files.map((file) => [file.id, file.kind === 'rest' ? restCarrier(file, secret) : byHand(file)]));

/** Nobody is asked: the number is what somebody typed, or our own. */
const byHand = ({
  id,
  kind,
  ...collection
}: { readonly id: string; readonly kind: 'manual' | 'manifest' } & Collection): Carrier => ({
  id,
  kind,
  collection,
  label: ({ carton }, { tracking = carton }) => Promise.resolve({ tracking, label: undefined }),
});
