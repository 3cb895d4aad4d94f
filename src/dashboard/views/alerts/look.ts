// Where on the page the evidence of an alert is: the route of the API that it names, as a view. Pure.
import { href, VIEWS, type ViewName } from '../../routing.ts';

const OTHERS: Readonly<Record<string, ViewName>> = {
  telemetry: 'health',
  readyz: 'health',
  'alert-channels': 'health',
  findings: 'health',
};

/** The address of the view; undefined when the page has none for it. */
export function viewOf(look: string): string | undefined {
  const [path = '', search = ''] = look.split('?');
  const name = path.split('/').at(-1)!;
  const query = new URLSearchParams(search);
  const view = name === 'appointments' ? atDoor(query) : (OTHERS[name] ?? VIEWS.find((one) => one === name));
  if (view === undefined) return undefined;
  const site = query.get('site');
  query.delete('site');
  // Undecided passages are decided in the review queue.
  if (view === 'passages' && query.get('outcome') === 'undecided')
    return href({ view: 'review', query: {}, part: undefined });
  return href({
    ...(site === null ? {} : { site }),
    view,
    part: undefined,
    query: view === 'health' || view === 'gateways' || name === 'appointments' ? {} : Object.fromEntries(query),
  });
}

/** Trucks that come stand on the page of what comes, the others on that of loads. */
const atDoor = (query: URLSearchParams): ViewName => (query.get('direction') === 'out' ? 'loads' : 'inbounds');
