// What lies too long in a place of passage, and what waits too long for a person.
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import type { Kinds } from '../finding.ts';
import { atOnce } from '../periods.ts';
import { spanText } from '../words.ts';
import { SERVICE } from '../samples.ts';
import { periodsOf, sampled } from './sampled.ts';
import { pastStays } from './stays.ts';

const DWELL = sqlFile(import.meta.url, 'sql/dwell.sql');

export const floorKinds = {
  dwell: {
    async find({ database, plan, now }, { maxMs, kinds, itemsMin }) {
      const locations = placesOfPassage(plan, kinds);
      if (locations.length === 0) return [];
      const { rows } = await database.query<{
        location: string;
        items: number;
        oldest: number;
        epcs: readonly string[];
        confidence: number;
      }>({ name: 'watch-dwell', text: DWELL, values: [plan.site, locations, formatTime(now - maxMs), itemsMin] });
      return rows.map(({ location, items, oldest, epcs, confidence }) => ({
        subject: location,
        confidence,
        message: `${items === 1 ? 'An item has' : `${items} items have`} been in ${location} for more than ${spanText(maxMs)}.`,
        suggestion: `Put away or load what is in ${location}. If it is not there any more, say where it went.`,
        evidence: { location, items, oldestSince: formatTime(oldest), epcs },
        look: `/v1/stock?site=${encodeURIComponent(plan.site)}&location=${encodeURIComponent(location)}`,
      }));
    },
    async past(past, { maxMs, kinds, itemsMin }) {
      const stays = await pastStays(past, placesOfPassage(past.plan, kinds), maxMs, false);
      const tooLong = stays.map(({ location, epc, lastedAt, until }) => ({
        subject: location,
        from: lastedAt,
        to: until,
        message: `${epc} had been in ${location} for ${spanText(maxMs)}.`,
      }));
      return atOnce(tooLong, itemsMin);
    },
  },
  'review-backlog': {
    async find({ database, plan, now }, { waitingMax, oldestMs }) {
      const { rows } = await database.query<{ waiting: number; oldest: number | null; sure: number | null }>({
        name: 'watch-review',
        text: `select count(*) as waiting, min(last_at) as oldest, avg(probability) as sure from passage where site = $1 and outcome = 'undecided'`,
        values: [plan.site],
      });
      const { waiting, oldest, sure } = rows[0]!;
      if (oldest === null || (waiting <= waitingMax && now - oldest <= oldestMs)) return [];
      const why = waiting > waitingMax ? `more than ${waitingMax}` : `one of them for more than ${spanText(oldestMs)}`;
      return [
        {
          subject: plan.site,
          confidence: 1,
          message: `${waiting} undecided ${waiting === 1 ? 'passage waits' : 'passages wait'} for a person: ${why}.`,
          suggestion: 'Decide them in the review queue: until then their stock is where it was.',
          evidence: { waiting, oldestAt: formatTime(oldest), probabilityMean: sure },
          look: `/v1/passages?site=${encodeURIComponent(plan.site)}&outcome=undecided`,
        },
      ];
    },
    async past(past, { waitingMax, oldestMs }) {
      const [waiting, oldest] = await Promise.all(
        ['review.waiting', 'review.oldest'].map((name) => sampled(past, { name, device: SERVICE })),
      );
      const many = new Set(
        waiting!.flatMap(({ points }) => points.filter(({ min }) => min > waitingMax).map(({ at }) => at)),
      );
      return oldest!.flatMap(({ points }) =>
        periodsOf(past, points, ({ at, min }) => many.has(at) || min * 1000 > oldestMs, {
          subject: past.plan.site,
          message: `Undecided passages waited: more than ${waitingMax}, or one for more than ${spanText(oldestMs)}.`,
        }),
      );
    },
  },
} satisfies Partial<Kinds>;

const placesOfPassage = (
  { locations }: { readonly locations: ReadonlyMap<string, { readonly id: string; readonly kind: string }> },
  kinds: readonly string[],
): string[] => [...locations.values()].filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
