// Hours in which nobody wants to be disturbed, by the clock on the wall of the site. Pure.

export interface QuietHours {
  /** `HH:MM`; later than `to` it reaches over midnight. */
  readonly from: string;
  readonly to: string;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

const formats = new Map<string, Intl.DateTimeFormat>();

function minuteOfDay(timeZone: string, at: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  return minutesOf(format.format(at));
}

/** `at` itself when it is in no quiet hours, else when they end. Right on days on which the clocks change, too. */
export function endOfQuiet({ from, to }: QuietHours, timeZone: string, at: number): number {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const isQuiet = (time: number): boolean => {
    const minute = minuteOfDay(timeZone, time);
    return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;
  };
  if (!isQuiet(at)) return at;
  const left = (end - minuteOfDay(timeZone, at) + DAY_MINUTES) % DAY_MINUTES;
  let until = Math.floor(at / MINUTE_MS) * MINUTE_MS + left * MINUTE_MS;
  // The clocks were changed in between: nearer to the end by looking from there. They move by whole quarters of an hour.
  while (isQuiet(until)) until += 15 * MINUTE_MS;
  while (!isQuiet(until - MINUTE_MS) && until > at) until -= 15 * MINUTE_MS;
  return Math.max(at, until);
}
