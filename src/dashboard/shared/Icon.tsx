// The few pictures of the page, as strokes on a 16 × 16 grid. They stand beside words, so readers of the page are not told
// of them.
const PATHS = {
  tally: 'M3 3v10M6.3 3v10M9.7 3v10M13 3v10M1.5 11.5l13-7',
  overview: 'M2 2.5h12v4H2zM2 9.5h5v4H2zM10 9.5h4v4h-4z',
  stock: 'M2 5l6-3 6 3v6l-6 3-6-3zM2 5l6 3 6-3M8 8v6',
  tasks: 'M2 2v12M14 2v12M2 8.5h12M2 13h12M5 8.5V5h6v3.5M8 .8v2.7',
  products: 'M2 2.5h5l7 7-4.5 4.5-7-7zM5 5.5h.1',
  inbounds: 'M2 13.5h12M4 13.5V7h8v6.5M8 1.5v8M5.5 7.2L8 9.7l2.5-2.5',
  orders: 'M3.5 1.5h9v13l-1.5-1-1.5 1-1.5-1-1.5 1-1.5-1-1.5 1zM6 5h4M6 8h4M6 11h2.5',
  packing: 'M2 5.5h12v8H2zM2 5.5L4 2h8l2 3.5M8 2v6M6.2 8h3.6',
  counts: 'M3.5 2.5h9v12h-9zM6 1.5h4v2H6zM5.5 7l1 1 1.5-2M9.5 7h1.5M5.5 11l1 1 1.5-2M9.5 11h1.5',
  loads: 'M2 2.5h12v9.5H2zM8 2.5V12M6.3 7.5h.1M9.7 7.5h.1M4 14.2h.1M12 14.2h.1',
  transfers: 'M1.5 4.5h8v7h-8zM9.5 7h3l2 2.5v2h-5zM4 13.5h.1M12 13.5h.1',
  partners:
    'M5.5 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1 13.5c0-5 9-5 9 0M11 8.5a2 2 0 1 0-.8-3.8M11.5 10c2.300 0 3.500 1.200 3.500 3.500',
  movements: 'M2 5h10M9 2l3 3-3 3M14 11H4M7 8l-3 3 3 3',
  passages: 'M3 14V2h10v12M1.5 14h3M11.5 14h3M5.5 8h5M8.5 6l2 2-2 2',
  figures: 'M2 14h12M3.5 14V9h2v5M7 14V3h2v11M10.5 14V6.5h2V14',
  alerts: 'M3 12h10l-1.2-2V7a3.8 3.8 0 0 0-7.6 0v3zM6.5 14h3',
  review: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.3c.2-2.4 3.8-2.3 3.7 0C9.8 7.8 8 7.7 8 9.3M8 11.4v.2',
  discrepancies: 'M8 2l6.5 11.5h-13zM8 6.5v3.5M8 11.8v.2',
  phantoms: 'M2 5l6-3 6 3v6l-6 3-6-3zM6.2 7c.2-2 3.5-1.9 3.4.1 0 1.3-1.6 1.2-1.6 2.4M8 11.3v.2',
  quarantine: 'M5 2h6l3 3v6l-3 3H5l-3-3V5zM5.5 8h5',
  gaps: 'M2 8h3M11 8h3M7 5.5l-1.5 5M10.5 5.5L9 10.5',
  gateways: 'M2 9.5h12v4H2zM4.5 11.5h.1M8 9.5V6.5M5.5 5a3.6 3.6 0 0 1 5 0M3.5 3a6.5 6.5 0 0 1 9 0',
  health: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  sites: 'M2 14V6l6-4 6 4v8M5 14V9h6v5M5 11.5h6',
  more: 'M3 8h.1M8 8h.1M13 8h.1',
  in: 'M2 8h8M7 4.5L10.5 8 7 11.5M14 2.5v11',
  out: 'M2 2.5v11M5 8h9M10.5 4.5L14 8l-3.5 3.5',
  turned_back: 'M14 4.5H6a3.5 3.5 0 0 0 0 7h7M10.5 8.5l3 3-3 3',
  stayed: 'M4 4h8v8H4zM2 14.5h12',
  stray:
    'M8 8h.1M5 5a4.2 4.2 0 0 0 0 6M11 5a4.2 4.2 0 0 1 0 6M2.7 2.8a7.3 7.3 0 0 0 0 10.4M13.3 2.8a7.3 7.3 0 0 1 0 10.4',
  undecided: 'M5.3 5.8C5.3 2.2 10.9 2 10.8 5.7 10.7 8 8 8 8 10.4M8 13.2v.2',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3',
  tick: 'M2.5 8.5l3.5 3.5 7.5-8',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  arrow: 'M2.5 8h11M9.5 4l4 4-4 4',
  down: 'M3.5 6l4.5 4.5L12.5 6',
  up: 'M8 13.5v-11M4 6.5l4-4 4 4',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7L14 14',
  filter: 'M2 3.5h12M4.5 8h7M6.5 12.5h3',
  auto: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M8 5l4.8-1M8 8h6M8 11l4.8 1',
  light: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  dark: 'M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5',
  again: 'M13.5 6A6 6 0 1 0 14 8.5M14 2.5V6h-3.5',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);
