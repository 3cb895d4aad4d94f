// What the views are called, and how they are grouped in the navigation.
import type { ViewName } from '../routing.ts';

export const VIEW_TITLES: Readonly<Record<ViewName, string>> = {
  overview: 'Overview',
  inbounds: 'Inbound',
  orders: 'Orders',
  loads: 'Loads',
  tasks: 'Tasks',
  packing: 'Packing',
  products: 'Products',
  counts: 'Counts',
  transfers: 'Transfers',
  partners: 'Partners',
  stock: 'Stock',
  movements: 'Movements',
  passages: 'Passages',
  items: 'Item',
  figures: 'Figures',
  alerts: 'Alerts',
  review: 'Review',
  discrepancies: 'Discrepancies',
  phantoms: 'Doubtful stock',
  quarantine: 'Quarantine',
  gaps: 'Gaps',
  gateways: 'Gateways',
  health: 'Health',
  sites: 'Site plan',
};

export const GROUPS = [
  {
    title: 'Floor',
    views: [
      'overview',
      'inbounds',
      'orders',
      'tasks',
      'packing',
      'loads',
      'transfers',
      'counts',
      'stock',
      'products',
      'partners',
      'movements',
      'passages',
      'figures',
    ],
  },
  { title: 'Needs a person', views: ['alerts', 'review', 'discrepancies', 'phantoms', 'quarantine', 'gaps'] },
  { title: 'System', views: ['gateways', 'health', 'sites'] },
] as const satisfies readonly { readonly title: string; readonly views: readonly ViewName[] }[];

/** Always in reach of the thumb on a handheld; the others are behind "More". */
export const AT_HAND: readonly ViewName[] = ['overview', 'alerts', 'stock', 'review'];
