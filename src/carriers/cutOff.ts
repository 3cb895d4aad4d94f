// Until when a carrier takes what leaves with it: by the clock on the wall of the site, on the days on which it comes. Pure.
import type { Collection, Weekday } from '../config/carriers.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const NAMES: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The next time at which a service leaves, ms; undefined where the carrier says none. `at` itself is too late for it. */
export function leavesBy(
  carrier: Collection,
  service: string | undefined,
  timeZone: string,
  at: number,
): number | undefined {
  const { cutOff = carrier.cutOff } = carrier.services?.find(({ id }) => id === service) ?? {};
  if (cutOff === undefined) return undefined;
  const target = Number(cutOff.slice(0, 2)) * 60 + Number(cutOff.slice(3));
  const from = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const now = localOf(timeZone, from).minute;
  // A week and a day: a carrier comes on one day of the week at least.
  for (let day = 0; day <= 8; day++) {
    const near = from + (target - now + day * DAY_MINUTES) * MINUTE_MS;
    const time = near + shift(target - localOf(timeZone, near).minute) * MINUTE_MS;
    if (time <= at || carrier.days?.includes(localOf(timeZone, time).weekday) === false) continue;
    return time;
  }
  return undefined;
}

/** By how many minutes the clocks were changed in between: the shorter way round. */
const shift = (minutes: number): number => ((minutes + 1.5 * DAY_MINUTES) % DAY_MINUTES) - DAY_MINUTES / 2;

const formats = new Map<string, Intl.DateTimeFormat>();

function localOf(timeZone: string, at: number): { readonly weekday: Weekday; readonly minute: number } {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = parts.get('weekday')!.toLowerCase().slice(0, 3);
  return {
    weekday: NAMES.find((name) => name === day)!,
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}
