// A row of a site's journal: everything that can change the site's stock arrives as one, and in their order.
import type { CommandContent } from './command.ts';
import type { Entries } from './entries.ts';

interface Placed {
  readonly site: string;
  /** Gapless, from 1. */
  readonly offset: number;
  /** Our clock on arrival, ms; never less than the row's before. */
  readonly receivedAt: number;
}

/** What a gateway or a device observed. */
export interface EntriesRow extends Placed {
  readonly kind: 'entries';
  /** The gateway, or the device that speaks for itself. */
  readonly gateway: string;
  /** The gateway's clock when it sent; undefined when it does not say. */
  readonly sentAt: number | undefined;
  readonly entries: Entries;
}

export interface CommandRow extends Placed, CommandContent {
  readonly kind: 'command';
}

/** Nothing came: time itself, so that what waits for silence is decided at one place in the order. */
export interface TickRow extends Placed {
  readonly kind: 'tick';
}

export type Row = EntriesRow | CommandRow | TickRow;
