// Where one can go, with how much waits there. Beside the page on a screen, at its foot on a handheld.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { openCounts } from '../live/openWork.ts';
import { href, route, type ViewName } from '../routing.ts';
import { Icon } from '../shared/Icon.tsx';
import { countOrMore } from '../shared/text.ts';
import { AT_HAND, GROUPS, VIEW_TITLES } from './titles.ts';

type IconView = Exclude<ViewName, 'items'>;

export function Navigation() {
  const isOpen = useSignal(false);
  const { view } = route.value;
  useEffect(() => {
    isOpen.value = false;
  }, [route.value]);
  const isBehindMore = !AT_HAND.includes(view) && view !== 'items';
  return (
    <nav
      class={isOpen.value ? 'navigation is-open' : 'navigation'}
      aria-label="Views"
      onKeyDown={({ key }) => {
        if (key === 'Escape') isOpen.value = false;
      }}
    >
      {GROUPS.map(({ title, views }) => (
        <div class="nav-group" key={title}>
          <p class="nav-title">{title}</p>
          <ul>
            {views.map((name) => (
              <li key={name} class={AT_HAND.includes(name) ? 'nav-at-hand' : 'nav-behind'}>
                <NavLink name={name} isPresent={view === name} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      <button
        type="button"
        class={isBehindMore ? 'nav-link nav-more is-present' : 'nav-link nav-more'}
        aria-expanded={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <Icon name={isOpen.value ? 'cross' : 'more'} />
        <span>More</span>
        {!isOpen.value && <WaitingBehind />}
      </button>
    </nav>
  );
}

function NavLink({ name, isPresent }: { readonly name: IconView; readonly isPresent: boolean }) {
  return (
    <a
      class={isPresent ? 'nav-link is-present' : 'nav-link'}
      href={href({ view: name, query: {}, part: undefined })}
      aria-current={isPresent ? 'page' : undefined}
    >
      <Icon name={name} />
      <span>{VIEW_TITLES[name]}</span>
      <Waiting name={name} />
    </a>
  );
}

const isCounted = (name: string): name is keyof typeof openCounts => name in openCounts;

function Waiting({ name }: { readonly name: ViewName }) {
  if (!isCounted(name)) return null;
  const { count = 0, hasMore } = openCounts[name].value;
  return <Badge count={count} hasMore={hasMore} />;
}

/** What waits in the views that a handheld keeps behind "More". */
function WaitingBehind() {
  const behind = Object.entries(openCounts).flatMap(([name, { value }]) =>
    AT_HAND.some((atHand) => atHand === name) ? [] : [value],
  );
  return (
    <Badge
      count={behind.reduce((sum, { count = 0 }) => sum + count, 0)}
      hasMore={behind.some(({ hasMore }) => hasMore)}
    />
  );
}

const Badge = ({ count, hasMore }: { readonly count: number; readonly hasMore: boolean }) =>
  count === 0 ? null : (
    <span class="nav-count">
      {countOrMore(count, hasMore)}
      <span class="off-screen"> open</span>
    </span>
  );
