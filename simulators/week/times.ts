// The hours of the week. It begins on a Monday at midnight, UTC.
export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_AT = Date.UTC(2026, 0, 5);
