// Where the page is, in the address: #/SITE/view/part?query. Every state worth sending to a colleague is in it, so that
// reload and the back button do what they should.
import { signal } from '@preact/signals';

export const VIEWS = [
  'overview',
  'inbounds',
  'orders',
  'loads',
  'tasks',
  'packing',
  'products',
  'counts',
  'transfers',
  'partners',
  'stock',
  'movements',
  'passages',
  'items',
  'figures',
  'alerts',
  'review',
  'discrepancies',
  'phantoms',
  'quarantine',
  'gaps',
  'gateways',
  'health',
  'sites',
] as const;
export type ViewName = (typeof VIEWS)[number];

export interface Route {
  /** Undefined until one is chosen: the first one then. */
  readonly site: string | undefined;
  readonly view: ViewName;
  /** Of an item: its EPC; of an inbound, an order, a load or a count: its number; of a carton: its SSCC. */
  readonly part: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

export const route = signal<Route>({ site: undefined, view: 'overview', part: undefined, query: {} });

export function watchRoute(): void {
  const take = (): void => {
    route.value = parseRoute(location.hash);
  };
  addEventListener('hashchange', take);
  take();
}

export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [site, view, part] = path.split('/').map((text) => decoded(text));
  return {
    site: site === '' ? undefined : site,
    view: VIEWS.find((name) => name === view) ?? 'overview',
    part: part === '' ? undefined : part,
    query: Object.fromEntries(new URLSearchParams(search)),
  };
}

// A hand-made address may hold a lone percent sign.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export type Target = Partial<Omit<Route, 'query'>> & {
  readonly query?: Readonly<Record<string, string | undefined>>;
};

/** The address of a place; what is left out stays, except that another view starts without query and part. */
export function href(target: Target): string {
  const present = route.value;
  const isSameView = target.view === undefined || (target.view === present.view && target.query === undefined);
  const site = target.site ?? present.site ?? '';
  const view = target.view ?? present.view;
  const part = 'part' in target ? target.part : isSameView ? present.part : undefined;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(target.query ?? (isSameView ? present.query : {}))) {
    if (value !== undefined && value !== '') query.set(name, value);
  }
  const path = [site, view, ...(part === undefined ? [] : [part])].map((text) => encodeURIComponent(text)).join('/');
  const search = query.toString();
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

/** Goes there; with `replace` the back button does not come back here. */
export function go(target: Target, how: 'push' | 'replace' = 'push'): void {
  const address = href(target);
  if (how === 'push') location.hash = address;
  else {
    history.replaceState(null, '', address);
    route.value = parseRoute(address);
  }
}

/** This view with some of its query changed. */
export const withQuery = (changes: Readonly<Record<string, string | undefined>>): Target => ({
  view: route.value.view,
  part: route.value.part,
  query: { ...route.value.query, ...changes },
});

/** The evidence of a movement, laid beside whatever is looked at. */
export const whyOf = (movement: string): string => href(withQuery({ why: movement, passage: undefined }));
/** The evidence of a passage, of one that moved nothing too. */
export const whyPassage = (passage: string): string => href(withQuery({ why: undefined, passage }));
