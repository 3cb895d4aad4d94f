// How long items were in a place: what dry runs of rules about places look at.
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import type { Past } from '../finding.ts';

const PAST_STAYS = sqlFile(import.meta.url, 'sql/pastStays.sql');

export interface Stay {
  readonly location: string;
  readonly epc: string;
  /** When it had lasted for as long as was asked for. */
  readonly lastedAt: number;
  readonly until: number | undefined;
}

/** Stays that had lasted for `lastedMs`; of everything, or only of what is counted by itself, not inside a container. */
export async function pastStays(
  { database, plan, from, to }: Past,
  locations: readonly string[],
  lastedMs: number,
  isOfEverything: boolean,
): Promise<readonly Stay[]> {
  if (locations.length === 0) return [];
  const { rows } = await database.query<{ location: string; epc: string; lasted_at: number; until: number | null }>({
    text: PAST_STAYS,
    values: [plan.site, locations, lastedMs, formatTime(from), formatTime(to), isOfEverything],
  });
  return rows.map(({ location, epc, lasted_at: lastedAt, until }) => ({
    location,
    epc,
    lastedAt,
    until: until ?? undefined,
  }));
}
