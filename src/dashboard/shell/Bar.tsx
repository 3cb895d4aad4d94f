// The bar at the top: whose page it is, which site, a search, whether it is live and well, and what time it is there.
import { useComputed } from '@preact/signals';
import { now } from '../live/clock.ts';
import { service } from '../live/service.ts';
import { site, sites, timeZone } from '../live/sites.ts';
import { connection } from '../live/stream.ts';
import { go, href } from '../routing.ts';
import { Icon } from '../shared/Icon.tsx';
import { nextTheme, theme } from '../shared/theme.ts';
import { clockText, longDayText, zoneText } from '../shared/zone.ts';
import { Search } from './Search.tsx';

export const Bar = () => (
  <header class="bar">
    <a class="brand" href={href({ view: 'overview', query: {} })} aria-label="Tallygate, overview">
      <Icon name="tally" />
      <span class="brand-name">Tallygate</span>
    </a>
    <SiteSwitch />
    <Search />
    <div class="bar-end">
      <LiveChip />
      <HealthChip />
      <SiteClock />
      <ThemeButton />
    </div>
  </header>
);

function SiteSwitch() {
  const known = sites.value ?? [];
  const present = site.value;
  return (
    <label class="site-switch">
      <span class="off-screen">Site</span>
      {/* What is seen; the choice itself lies over it, unseen, so that a handheld can leave out the name. */}
      <span class="site-name" aria-hidden="true">
        <b>{present?.site ?? 'No site'}</b>
        {present !== undefined && <span>{present.name}</span>}
        <Icon name="down" />
      </span>
      <select
        value={present?.site ?? ''}
        onChange={({ currentTarget }) => go({ site: currentTarget.value, view: 'overview', query: {} })}
        disabled={known.length === 0}
      >
        {present === undefined && <option value="">No site</option>}
        {known.map((one) => (
          <option value={one.site} key={one.site}>
            {one.site} · {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}

const LIVE = {
  live: { text: 'Live', title: 'Connected: what happens is shown as it happens' },
  connecting: { text: 'Connecting', title: 'The live stream is being opened' },
  lost: { text: 'Reconnecting', title: 'The live stream broke; it is opened again' },
} as const;

function LiveChip() {
  const { kind } = connection.value;
  const { text, title } = LIVE[kind];
  return (
    <span class={`chip chip-${kind}`} title={title} role="status" data-connection={kind}>
      <span class="chip-dot" />
      <span class="chip-text">{text}</span>
    </span>
  );
}

function HealthChip() {
  const present = service.value;
  const { name, icon, text, title } =
    present.kind === 'ready'
      ? ({ name: 'live', icon: 'health', text: 'Ready', title: 'Every check passes' } as const)
      : present.kind === 'not-ready'
        ? ({
            name: 'lost',
            icon: 'discrepancies',
            text: 'Not ready',
            title: failing(present.readiness.checks),
          } as const)
        : present.kind === 'away'
          ? ({ name: 'lost', icon: 'discrepancies', text: 'No answer', title: present.fault.message } as const)
          : ({ name: 'connecting', icon: 'health', text: 'Checking', title: 'Asking the service' } as const);
  return (
    <a class={`chip chip-health chip-${name}`} href={href({ view: 'health', query: {} })} title={title}>
      <Icon name={icon} />
      <span class="chip-text">{text}</span>
    </a>
  );
}

const failing = (checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>): string =>
  Object.values(checks)
    .filter(({ ok }) => !ok)
    .map(({ detail }) => detail)
    .join('; ');

function SiteClock() {
  const zone = timeZone.value;
  const time = useComputed(() => clockText(now.value, timeZone.value));
  const day = useComputed(() => longDayText(now.value, timeZone.value));
  return (
    <span class="site-clock" title={`Time at the site (${zone})`}>
      <span class="site-clock-time">{time}</span>
      <span class="site-clock-day">
        {day} · {zoneText(now.peek(), zone)}
      </span>
    </span>
  );
}

const THEME_TEXT = { auto: 'as the device', light: 'light', dark: 'dark' } as const;

const ThemeButton = () => (
  <button
    type="button"
    class="theme-button"
    onClick={nextTheme}
    aria-label={`Colours: ${THEME_TEXT[theme.value]}. Change.`}
    title={`Colours: ${THEME_TEXT[theme.value]}`}
  >
    <Icon name={theme.value} />
  </button>
);
