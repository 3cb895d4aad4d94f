// A load: orders that leave together, with a carrier, through a door.
import type { LoadEffect } from '../../infer/outboundEffects.ts';

export interface Load {
  readonly id: string;
  readonly door: string | undefined;
  readonly carrier: string;
  readonly openedAt: number;
  closedAt: number | undefined;
  changedAt: number;
  /** Order → how much of it has gone out with this load. */
  readonly orders: Map<string, number>;
}

export const loadEffect = ({ orders, ...load }: Load): LoadEffect => ({
  ...load,
  state: load.closedAt === undefined ? 'open' : 'closed',
  orders: [...orders].map(([order, shipped]) => ({ order, shipped })),
});
