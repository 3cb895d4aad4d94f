// What time it is, by the clock of the service: a handheld's own clock may be minutes off, and "12 s ago" must not.
import { signal } from '@preact/signals';

/** Ms since 1970, once a second. */
export const now = signal(Date.now());

/** A Date header tells whole seconds; what differs by less is no difference. */
const TOLERANCE_MS = 1500;
let aheadMs = 0;

export function startClock(): void {
  setInterval(() => {
    now.value = Date.now() + aheadMs;
  }, 1000);
}

export function noteServerTime(date: string | null): void {
  const at = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(at)) return;
  // The header is cut off to the second: on average half of one has gone by.
  const ahead = at + 500 - Date.now();
  if (Math.abs(ahead - aheadMs) > TOLERANCE_MS) {
    aheadMs = Math.abs(ahead) > TOLERANCE_MS ? ahead : 0;
    now.value = Date.now() + aheadMs;
  }
}
