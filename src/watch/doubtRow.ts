// A doubt as the ledger keeps it, and the figures that its words are made of.
import type { DoubtFigures } from '../wire/doubt.ts';

export interface DoubtFiguresRow extends Record<string, unknown> {
  readonly epc: string;
  readonly sku: string | null;
  readonly location: string;
  readonly zone: string;
  readonly probability: number;
  /** ms */
  readonly heard_at: number;
  readonly silent_hours: number;
  readonly answers: number;
  readonly sweeps: number;
  readonly short_picks: number;
}

export const doubtFigures = (row: DoubtFiguresRow): DoubtFigures => ({
  epc: row.epc,
  sku: row.sku,
  location: row.location,
  zone: row.zone,
  probability: row.probability,
  answers: row.answers,
  sweeps: row.sweeps,
  heardAt: row.heard_at,
  silentHours: row.silent_hours,
  shortPicks: row.short_picks,
});
