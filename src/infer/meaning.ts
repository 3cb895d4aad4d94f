// What a movement means for stock: the table of section 3 of DESIGN.md, first row that matches. Pure.
import { isWithin, type SitePlan } from '../config/plan.ts';
import { WORLD, type LocationKind } from '../config/site.ts';
import type { Severity, TransactionType } from './effects.ts';
import type { ItemState } from './item.ts';
import { CUSTOMER, loadOfLocation, SUPPLIER } from './transactions.ts';

/** A movement about to be judged. `from` and `to` are locations of the site, or `world`. */
export interface Movement {
  readonly plan: SitePlan;
  readonly state: ItemState;
  readonly from: string;
  readonly to: string;
  readonly at: number;
  /** A portal saw it pass; else it was only found at the new place. */
  readonly isCrossing: boolean;
  /** It is on an advice or purchase order that is open. */
  readonly isExpected?: boolean;
  /** The customer who has it announced that it comes back. */
  readonly isAnnounced?: boolean;
  /** A zone heard it; nobody said or scanned it. */
  readonly isHeard?: boolean;
  /** It is on a pick list, or was picked for an order. */
  readonly isPlanned?: boolean;
  /** It is of a transfer to another site, or goes back to its supplier. */
  readonly transit?: string | undefined;
}

export interface Meaning {
  readonly row: number;
  readonly type: TransactionType;
  /** The status that the stock then has; undefined leaves it as it is. */
  readonly status?: string;
  readonly isPicked?: boolean;
  readonly discrepancies?: readonly { readonly kind: string; readonly severity: Severity; readonly message: string }[];
}

interface Row {
  readonly row: number;
  readonly matches: (movement: Movement) => boolean;
  readonly means: (movement: Movement) => Omit<Meaning, 'row'>;
}

const kindOf = ({ plan }: Movement, location: string): LocationKind | undefined => plan.kindOf(location);
const isStorage = (kind: LocationKind | undefined): boolean => kind === 'reserve' || kind === 'pick';
const comesIn = ({ from, to }: Movement): boolean => from === WORLD && to !== WORLD;
const goesOut = ({ to }: Movement): boolean => to === WORLD;
const isOnSite = ({ plan, state }: Movement): boolean => plan.locations.has(state.location);
const isKind = (kind: LocationKind | undefined, ...kinds: readonly LocationKind[]): boolean =>
  kind !== undefined && kinds.includes(kind);

/** Its truck is still here: its load is open, or it went out with none a little ago. */
const hasNotLeft = ({ state, at, plan }: Pick<Movement, 'state' | 'at' | 'plan'>): boolean =>
  loadOfLocation(state.location) !== undefined ||
  (state.shipped !== undefined && state.shipped.load === undefined && at - state.shipped.at <= plan.rules.loadOpenMs);

/** It left, and its truck with it. */
export const isWithCustomer = (plan: SitePlan, state: ItemState, at: number): boolean =>
  state.location === CUSTOMER && !hasNotLeft({ plan, state, at });

const ROWS: readonly Row[] = [
  {
    row: 1,
    matches: (movement) => comesIn(movement) && hasNotLeft(movement),
    // The books may have learned of it only as it left.
    means: ({ state }) => ({ type: 'ship', status: state.shipped?.status || 'available' }),
  },
  {
    row: 2,
    matches: (movement) => comesIn(movement) && movement.state.location.startsWith('transit:'),
    means: ({ plan, state }) => ({
      type: 'transfer',
      ...(state.location.startsWith(`transit:${plan.site}:`)
        ? {
            discrepancies: [
              {
                kind: 'misrouted',
                severity: 'warning',
                message: 'It was sent to another site, and came in here: send it on, or put it back.',
              },
            ],
          }
        : plan.rules.inboundDocuments
          ? { status: 'receiving' }
          : {}),
    }),
  },
  {
    row: 3,
    // What went back to its supplier and is sent here again is received like anything else.
    matches: (movement) =>
      comesIn(movement) &&
      (movement.state.shipped !== undefined || (movement.isAnnounced === true && !isOnSite(movement))) &&
      movement.state.location !== SUPPLIER,
    means: ({ plan, isAnnounced }) => ({
      type: 'return',
      status: 'returned',
      ...(plan.rules.inboundDocuments && isAnnounced !== true
        ? {
            discrepancies: [
              {
                kind: 'unannounced-return',
                severity: 'warning',
                message: 'It was shipped before and comes back unannounced: ask the customer, then grade it.',
              },
            ],
          }
        : {}),
    }),
  },
  {
    row: 4,
    matches: (movement) => comesIn(movement) && movement.isCrossing && isOnSite(movement),
    means: ({ state }) => ({
      type: 'move',
      discrepancies: [
        {
          kind: 'missed-exit',
          severity: 'warning',
          message: `It came in although the books had it at ${state.location}: it must have left unseen.`,
        },
      ],
    }),
  },
  {
    row: 5,
    matches: (movement) => comesIn(movement) && movement.isExpected === true,
    means: () => ({ type: 'receive', status: 'receiving' }),
  },
  {
    row: 6,
    matches: (movement) => comesIn(movement) && movement.state.sku !== undefined,
    means: ({ plan }) =>
      plan.rules.inboundDocuments
        ? {
            type: 'receive',
            status: 'blocked',
            discrepancies: [
              {
                kind: 'unexpected',
                severity: 'warning',
                message:
                  'No purchase order or ship notice expects it: it is blocked until somebody says what it is for.',
              },
            ],
          }
        : { type: 'receive', status: 'available' },
  },
  { row: 7, matches: comesIn, means: () => ({ type: 'receive' }) },
  {
    row: 8,
    matches: (movement) =>
      isKind(kindOf(movement, movement.from), 'pack', 'staging-out') &&
      isStorage(kindOf(movement, movement.to)) &&
      movement.state.isPicked,
    means: () => ({ type: 'move', isPicked: false }),
  },
  {
    row: 9,
    matches: (movement) =>
      isKind(kindOf(movement, movement.from), 'dock', 'staging-in', 'returns') &&
      isStorage(kindOf(movement, movement.to)),
    means: ({ state }) => ({ type: 'putaway', ...(state.status === 'receiving' ? { status: 'available' } : {}) }),
  },
  {
    row: 10,
    matches: (movement) =>
      isKind(kindOf(movement, movement.from), 'dock', 'staging-in') &&
      isKind(kindOf(movement, movement.to), 'pack', 'staging-out'),
    means: ({ plan, isPlanned, state }) => ({
      type: 'move',
      ...(state.status === 'receiving' ? { status: 'available' } : {}),
      ...(isPlanned === true ? { isPicked: true } : {}),
      ...(plan.rules.orders && isPlanned !== true
        ? {
            discrepancies: [
              {
                kind: 'unplanned-cross-dock',
                severity: 'warning',
                message: 'It went from receiving straight to shipping without a task.',
              },
            ],
          }
        : {}),
    }),
  },
  {
    row: 11,
    matches: (movement) => kindOf(movement, movement.from) === 'reserve' && kindOf(movement, movement.to) === 'pick',
    means: () => ({ type: 'move' }),
  },
  {
    row: 12,
    matches: (movement) =>
      isStorage(kindOf(movement, movement.from)) &&
      isKind(kindOf(movement, movement.to), 'pack', 'staging-out', 'dock') &&
      (movement.isPlanned === true || !movement.plan.rules.orders),
    means: () => ({ type: 'pick', isPicked: true }),
  },
  {
    row: 13,
    matches: (movement) =>
      isStorage(kindOf(movement, movement.from)) &&
      isKind(kindOf(movement, movement.to), 'pack', 'staging-out', 'dock'),
    means: () => ({
      type: 'move',
      discrepancies: [
        {
          kind: 'unplanned-pick',
          severity: 'warning',
          message:
            'It was taken from storage without a task: it cannot be promised until somebody says what it is for.',
        },
      ],
    }),
  },
  {
    row: 15,
    matches: (movement) => goesOut(movement) && movement.transit !== undefined && movement.transit !== SUPPLIER,
    means: () => ({ type: 'transfer' }),
  },
  {
    row: 16,
    matches: (movement) => goesOut(movement) && movement.transit === SUPPLIER,
    means: () => ({ type: 'ship', status: '' }),
  },
  {
    row: 17,
    matches: goesOut,
    means: (movement) => ({
      type: 'ship',
      status: '',
      ...(isOnSite(movement) || !movement.state.inBooks
        ? {}
        : {
            discrepancies: [
              {
                kind: 'missed-entry',
                severity: 'warning',
                message: 'It went out although the books had it outside already: it must have come in unseen.',
              },
            ],
          }),
    }),
  },
  {
    row: 18,
    matches: (movement) => kindOf(movement, movement.to) === 'hold',
    means: () => ({ type: 'move', status: 'quality' }),
  },
  { row: 20, matches: () => true, means: () => ({ type: 'move' }) },
];

/** What the movement means. Row 0 (it is already there) is not asked here: see `isAlreadyThere`. */
export function meaningOf(movement: Movement): Meaning {
  const row = ROWS.find((candidate) => candidate.matches(movement))!; // the last row matches everything
  return { row: row.row, ...row.means(movement) };
}

/** The same crossing seen by several antennas, or a container and its content, at most this far apart. */
export const SAME_MOVEMENT_MS = 5000;
/** Things found at the same place at most this far apart came there together. */
export const FOUND_TOGETHER_MS = 120_000;

/** What was picked by a scan is heard on its way through the aisles for so long at most, before it arrives or is put back. */
export const CARRIED_MS = 600_000;

/** Row 0: what is claimed is so already. */
export function isAlreadyThere(movement: Movement, readPoint: string | undefined): boolean {
  const { plan, state, to, at } = movement;
  if (!movement.isCrossing) {
    // Scrap is off the books, and lies there all the same.
    if (state.location === 'adjustment' && plan.kindOf(to) === 'scrap') return true;
    if (movement.isHeard === true && at <= (state.carriedUntil ?? 0) && isStorage(plan.kindOf(to))) return true;
    const isOutside = !plan.locations.has(state.location);
    return to === WORLD ? isOutside : state.location === to || (!isOutside && isWithin(plan, state.location, to));
  }
  const last = state.lastMove;
  return (
    last !== undefined && last.to === to && last.readPoint === readPoint && Math.abs(at - last.at) <= SAME_MOVEMENT_MS
  );
}
