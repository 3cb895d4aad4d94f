// Says plainly that what is shown is old, from when, and that it will mend itself. Over the page, so that nothing moves.
import { useComputed } from '@preact/signals';
import { now } from '../live/clock.ts';
import { timeZone } from '../live/sites.ts';
import { connection } from '../live/stream.ts';
import { Icon } from '../shared/Icon.tsx';
import { clockText, durationText } from '../shared/zone.ts';

/** A break this short is not worth a word. */
const TELL_AFTER_MS = 1500;

export function ConnectionNotice() {
  const since = connection.value.kind === 'lost' ? connection.value.since : undefined;
  const forMs = useComputed(() => (connection.value.kind === 'lost' ? now.value - connection.value.since : 0));
  const isShown = useComputed(() => forMs.value >= TELL_AFTER_MS);
  const text = useComputed(() => durationText(forMs.value));
  return (
    <div class="notice-place" role="alert">
      {since !== undefined && isShown.value && (
        <p class="notice">
          <Icon name="again" />
          <span>
            <strong>
              No live data<span aria-hidden="true"> for {text}</span>.
            </strong>{' '}
            What you see is from {clockText(since, timeZone.value)}; reconnecting.
          </span>
        </p>
      )}
    </div>
  );
}
