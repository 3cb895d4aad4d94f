// The foot of a list: load what is older, or say that this is all.
import type { ApiFault } from '../api/client.ts';
import { Icon } from './Icon.tsx';
import { Failed } from './states.tsx';
import { countText } from './text.ts';

interface Props {
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
  readonly moreFault: ApiFault | undefined;
  readonly shown: number;
  /** One of them. */
  readonly what: string;
}

const COUNTED_LEAST = 20;

export function More({ more, isLoadingMore, moreFault, shown, what }: Props) {
  // A list that can be taken in at a glance needs no count.
  if (more === undefined && shown < COUNTED_LEAST) return null;
  if (moreFault !== undefined) return <Failed fault={moreFault} onRetry={more} />;
  return (
    <p class="more">
      <span>
        {countText(shown, what)} shown{more === undefined ? '' : ', there are older ones'}
      </span>
      {more !== undefined && (
        <button type="button" class="button" onClick={more} disabled={isLoadingMore}>
          <Icon name="down" /> {isLoadingMore ? 'Loading…' : 'Load older'}
        </button>
      )}
    </p>
  );
}
