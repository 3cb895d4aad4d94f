// Key figures as the API answers them.
import { numberText } from '../../shared/text.ts';

export interface Share {
  readonly asked: number;
  readonly filled: number;
  readonly share: number | null;
}

export interface OrderFigures {
  readonly fill: Readonly<Record<'units' | 'lines' | 'orders', Share>>;
  readonly onTime: Share;
  readonly perfect: Share;
  readonly cycle: { readonly orders: number; readonly medianHours: number | null; readonly p90Hours: number | null };
}

export interface SiteFigures extends OrderFigures {
  readonly site: string;
  readonly dockToStock: {
    readonly receipts: number;
    readonly units: number;
    readonly medianHours: number | null;
    readonly p90Hours: number | null;
  };
  readonly accuracy: { readonly counted: number; readonly accurate: number; readonly share: number | null };
  readonly receiving: { readonly accuracy: Share; readonly suppliers: Share };
  readonly turnover: readonly {
    readonly currency: string | null;
    readonly shipped: number;
    readonly onHandMean: number;
    readonly perYear: number | null;
  }[];
  readonly supply: { readonly available: number; readonly demandPerDay: number; readonly days: number | null };
}

export interface CustomerFigures extends OrderFigures {
  readonly site: string;
  readonly customer: string;
}

export interface SkuFigures {
  readonly site: string;
  readonly sku: string;
  readonly class: string | null;
  readonly onHand: number;
  readonly available: number;
  readonly onHandMean: number;
  readonly received: number;
  readonly shipped: number;
  readonly turnsPerYear: number | null;
  readonly supply: { readonly demandPerDay: number; readonly days: number | null };
}

export interface ClassFigures {
  readonly site: string;
  readonly class: string | null;
  readonly skus: number;
  readonly onHand: number;
  readonly received: number;
  readonly shipped: number;
  readonly turnover: readonly { readonly currency: string | null; readonly perYear: number | null }[];
}

export interface SettledOrder {
  readonly site: string;
  readonly order: string;
  readonly customer: string;
  readonly units: number;
  readonly unitsFilled: number;
  readonly isFilled: boolean;
  readonly isLate: boolean;
  readonly isPerfect: boolean;
}

/** One decimal: 98.7 % is not 99 %. */
export const shareText = ({ share }: Share): string =>
  share === null ? '–' : `${(Math.round(share * 1000) / 10).toFixed(share === 1 ? 0 : 1)} %`;
export const ofText = ({ asked, filled }: Share): string => `${numberText(filled)} of ${numberText(asked)}`;

export function hoursText(hours: number | null): string {
  if (hours === null) return '–';
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${Math.round(hours * 10) / 10} h` : `${Math.round(hours / 2.4) / 10} days`;
}
