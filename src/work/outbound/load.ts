// A load: orders that leave together, with a carrier, through a door.
import type { LoadEffect } from '../../infer/outboundEffects.ts';
import type { Aboard } from './aboard.ts';

export interface Load {
  readonly id: string;
  door: string | undefined;
  carrier: string;
  /** Numbers of the seals on its doors. */
  seals: readonly string[];
  readonly openedAt: number;
  closedAt: number | undefined;
  changedAt: number;
  /** Order → how much of it has gone out with this load. */
  readonly orders: Map<string, number>;
  /** What is on it, while it is open: at `outbound:<load>` for the books. */
  readonly aboard: Map<string, Aboard>;
}

export const loadEffect = ({ orders, aboard: _, ...load }: Load): LoadEffect => ({
  ...load,
  state: load.closedAt === undefined ? 'open' : 'closed',
  orders: [...orders].map(([order, shipped]) => ({ order, shipped })),
});
