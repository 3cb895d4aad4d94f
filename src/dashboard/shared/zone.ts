// Times as the people of a site read them: in its zone, with how long ago. Pure: time comes in, text goes out.
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${kind}`;
  let known = formats.get(key);
  if (known === undefined) {
    try {
      known = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    } catch {
      // A zone that this browser does not know.
      known = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    }
    formats.set(key, known);
  }
  return known;
}

/** 21:32:57 */
export const clockText = (at: number, zone: string): string =>
  format(zone, 'clock', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at);

/** 23 Nov */
export const dayText = (at: number, zone: string): string =>
  format(zone, 'day', { day: 'numeric', month: 'short' }).format(at);

/** Mon 23 November */
export const longDayText = (at: number, zone: string): string =>
  format(zone, 'longDay', { weekday: 'short', day: 'numeric', month: 'long' }).format(at);

/** CET */
export const zoneText = (at: number, zone: string): string =>
  format(zone, 'zone', { timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value ?? zone;

/** 21:32:57 today, 23 Nov 21:32:57 on another day, 23 Nov 2025 21:32:57 in another year. */
export function stampText(at: number, zone: string, now: number): string {
  const day = dayText(at, zone);
  const time = clockText(at, zone);
  const [year, present] = [at, now].map((time_) => localText(time_, zone).slice(0, 4));
  if (year !== present) return `${day} ${year} ${time}`;
  return day === dayText(now, zone) ? time : `${day} ${time}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** 12 s ago; what a clock that runs ahead says of now is "just now". */
export function agoText(at: number, now: number): string {
  const ms = now - at;
  if (ms < 2000) return 'just now';
  return `${durationText(ms)} ago`;
}

/** 12 s, 3 min, 2 h, 4 d */
export function durationText(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1000)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} d`;
}

/** As `<input type="datetime-local">` wants it: 2026-11-23T21:32. */
export function localText(at: number, zone: string): string {
  const parts = new Map(
    format(zone, 'local', {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name)!;
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/**
 * Ms since 1970 of a local time of the zone; undefined when it is no time. In the hour that the clocks skip it is an hour
 * later; of the hour that they repeat it is the first.
 */
export function fromLocal(text: string, zone: string): number | undefined {
  const asUtc = Date.parse(`${text.slice(0, 16)}:00Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const offsetAt = (at: number): number =>
    Date.parse(`${localText(at, zone)}:00Z`) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  // The offset may change between the guess and the time that it leads to: both sides of a change are tried.
  const guesses = [asUtc - offsetAt(asUtc - DAY_MS), asUtc - offsetAt(asUtc + DAY_MS)];
  return guesses.find((at) => at + offsetAt(at) === asUtc) ?? guesses[0]!;
}

/** Times of the API have up to nine digits of a second, more than every browser parses. */
export const timeOf = (text: string): number => Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));

/** The start of the day that `at` lies in. */
export const dayStart = (at: number, zone: string): number =>
  fromLocal(`${localText(at, zone).slice(0, 10)}T00:00`, zone)!;
