// A time: in the zone of the site, with how long ago, and exactly in UTC for whoever points at it.
import { useComputed } from '@preact/signals';
import { now } from '../live/clock.ts';
import { timeZone } from '../live/sites.ts';
import { agoText, stampText, timeOf } from './zone.ts';

interface Props {
  readonly at: string;
  /** Adds "12 s ago" beside it. */
  readonly ago?: boolean;
  /** Only "12 s ago". */
  readonly only?: boolean;
}

export function Time({ at, ago = false, only = false }: Props) {
  const ms = timeOf(at);
  return (
    <time dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`} class="time">
      {!only && <span class="time-stamp">{stampText(ms, timeZone.value, now.peek())}</span>}
      {(ago || only) && <Ago at={ms} key={ms} />}
    </time>
  );
}

/** Only its text changes as time goes by, nothing around it is drawn again. */
function Ago({ at }: { readonly at: number }) {
  const text = useComputed(() => agoText(at, now.value));
  return <span class="time-ago">{text}</span>;
}
