// Items that are probably not where the books have them, as the machines doubt them (infer/doubt/): one alert for each, until the item is
// heard again or a person has looked.
import { sqlFile } from '../../store/sql.ts';
import { doubtAdvice, doubtMessage, whyDoubted } from '../../wire/doubt.ts';
import { formatTime } from '../../wire/time.ts';
import { doubtFigures, type DoubtFiguresRow } from '../doubtRow.ts';
import type { Kinds } from '../finding.ts';

const DOUBTS = sqlFile(import.meta.url, 'sql/doubts.sql');
const PAST = sqlFile(import.meta.url, 'sql/pastDoubts.sql');
/** What is beyond waits: as many alerts of a kind are open at most. */
const FOUND_MAX = 200;

interface Row extends DoubtFiguresRow {
  readonly id: string;
  readonly opened_at: number;
  readonly beside: number;
}

export const doubtKinds = {
  phantom: {
    async find({ database, plan }, { probabilityMin }) {
      const { rows } = await database.query<Row>({
        name: 'watch-doubts',
        text: DOUBTS,
        values: [plan.site, probabilityMin, FOUND_MAX],
      });
      return rows.map((row) => {
        const { epc, location, probability } = row;
        const figures = doubtFigures(row);
        return {
          subject: epc,
          confidence: probability,
          message: doubtMessage({ ...figures, probability: probabilityMin }),
          suggestion: doubtAdvice(figures),
          evidence: {
            ...figures,
            doubt: row.id,
            why: whyDoubted(figures),
            heardAt: formatTime(row.heard_at),
            openedAt: formatTime(row.opened_at),
            doubtedBeside: row.beside - 1,
          },
          look: `/v1/phantoms?site=${encodeURIComponent(plan.site)}&location=${encodeURIComponent(location)}`,
        };
      });
    },
    async past({ database, plan, from, to }, { probabilityMin }) {
      const { rows } = await database.query<{
        epc: string;
        sku: string | null;
        location: string;
        closed_at: number | null;
        at: number;
      }>({ text: PAST, values: [plan.site, probabilityMin, from, to] });
      return rows.map(({ epc, sku, location, closed_at: closedAt, at }) => ({
        subject: epc,
        from: at,
        to: closedAt ?? undefined,
        message: `${sku ?? 'Item'} ${epc} was probably not at ${location}.`,
      }));
    },
  },
} satisfies Partial<Kinds>;
