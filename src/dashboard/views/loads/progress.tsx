// How far a load is, at a glance: complete or short, a bar, and whether something is wrong about it.
import type { Load } from '../../api/work.ts';
import { Icon } from '../../shared/Icon.tsx';
import { countText, numberText } from '../../shared/text.ts';

/** Complete or short; of one that is open, with nothing on it yet, that it is empty. */
export function LoadState({ load: { state, short, missing, loaded } }: { readonly load: Load }) {
  if (short === 0)
    return (
      <span class="mark load-complete">
        <Icon name="tick" /> complete
      </span>
    );
  if (state === 'open' && loaded === 0)
    return (
      <span class="mark">
        <Icon name="clock" /> nothing loaded yet
      </span>
    );
  return (
    <span class="mark load-short">
      <Icon name="undecided" /> short {numberText(missing)}
    </span>
  );
}

export const Alarmed = ({ load: { alarms } }: { readonly load: Load }) =>
  alarms.length === 0 ? null : (
    <span class="mark mark-bad">
      <Icon name="alerts" /> {countText(alarms.length, 'thing')} wrong
    </span>
  );

interface BarProps {
  readonly loaded: number;
  readonly missing: number;
}

export function LoadBar({ loaded, missing }: BarProps) {
  const all = loaded + missing;
  return (
    <div class="inbound-progress">
      <span class="inbound-bar" aria-hidden="true">
        <span class={missing === 0 ? 'is-whole' : ''} style={{ width: `${all === 0 ? 0 : (loaded / all) * 100}%` }} />
      </span>
      <span>
        <b>{numberText(loaded)}</b> of {numberText(all)} loaded
      </span>
    </div>
  );
}
