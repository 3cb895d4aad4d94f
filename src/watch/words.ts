// Figures as sentences have them. Pure.

/** `45 s`, `10 min`, `4 h`, `2 days`; what lies between is rounded to one decimal. */
export function spanText(ms: number): string {
  if (ms < 60_000) return `${round(ms / 1000)} s`;
  if (ms < 3_600_000) return `${round(ms / 60_000)} min`;
  if (ms < 2 * 86_400_000) return `${round(ms / 3_600_000)} h`;
  return `${round(ms / 86_400_000)} days`;
}

/** 1234.5, without digits that only arithmetic made. */
export const round = (value: number): number => Math.round(value * 10) / 10;
