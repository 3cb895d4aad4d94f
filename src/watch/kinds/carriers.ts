// Cartons that a carrier is to take and that are here still, near or past the time until which it takes them.
import { formatTime } from '../../wire/time.ts';
import type { Kinds } from '../finding.ts';
import { atOnce } from '../periods.ts';

const NAMED_MAX = 20;

export const carrierKinds = {
  'cut-off': {
    async find({ database, plan, now }, { beforeMs, cartonsMin }) {
      const { rows } = await database.query<{
        carrier: string;
        cartons: number;
        first: number;
        named: readonly string[];
      }>({
        name: 'watch-cut-off',
        text: `select parcel ->> 'carrier' as carrier, count(*) as cartons, min((parcel ->> 'leavesBy')::double precision) as first,
                      (array_agg(sscc order by parcel -> 'leavesBy', sscc))[1:${NAMED_MAX}] as named
               from carton where site = $1 and state = 'closed' and (parcel ->> 'leavesBy')::double precision <= $2 group by 1 order by 1`,
        values: [plan.site, now + beforeMs],
      });
      return rows
        .filter(({ cartons }) => cartons >= Math.max(1, cartonsMin))
        .map(({ carrier, cartons, first, named }) => ({
          subject: carrier,
          confidence: 1,
          message: `${cartons === 1 ? 'A carton' : `${cartons} cartons`} booked with ${carrier} ${cartons === 1 ? 'is' : 'are'} here still; ${carrier} takes the first until ${formatTime(first)}.`,
          suggestion: `Hand them over to ${carrier} and say so, or take the booking back and book them anew.`,
          evidence: { carrier, cartons, leavesBy: formatTime(first), named },
          look: `/v1/cartons?site=${encodeURIComponent(plan.site)}&state=closed`,
        }));
    },
    async past({ database, plan, from, to }, { beforeMs, cartonsMin }) {
      const { rows } = await database.query<{ sscc: string; carrier: string; by: number; left_at: number | null }>({
        text: `select sscc, parcel ->> 'carrier' as carrier, (parcel ->> 'leavesBy')::double precision as by,
                      case when state = 'closed' then null else changed_at end as left_at
               from carton where site = $1 and parcel ? 'leavesBy' and (parcel ->> 'leavesBy')::double precision <= $2`,
        values: [plan.site, to + beforeMs],
      });
      const late = rows
        .map(({ sscc, carrier, by, left_at: leftAt }) => ({
          subject: carrier,
          from: by - beforeMs,
          to: leftAt ?? undefined,
          message: `${sscc} had not been handed over to ${carrier}, which took it until ${formatTime(by)}.`,
        }))
        .filter((one) => one.to === undefined || (one.to > one.from && one.to >= from));
      return atOnce(late, cartonsMin);
    },
  },
} satisfies Partial<Kinds>;
