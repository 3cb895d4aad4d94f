// Items that are probably not where the books have them, as the machines doubt them (infer/doubt/): one alert for each, until the item is
// heard again or a person has looked; for who passes by at first, a warning once it is nearly sure. And stock without tags, by what people
// met (watch/untagged/), until it is counted.
import { sqlFile } from '../../store/sql.ts';
import { doubtAdvice, doubtMessage, whyDoubted } from '../../wire/doubt.ts';
import { formatTime } from '../../wire/time.ts';
import { doubtFigures, type DoubtFiguresRow } from '../doubtRow.ts';
import type { Finding, Kinds, Look, Past, Period } from '../finding.ts';
import { spansOf, type Point } from '../periods.ts';
import { stockDoubtAdvice, stockDoubtMessage, whyStockDoubted } from '../untagged/belief.ts';
import { stockDoubts } from '../untagged/doubts.ts';

const DOUBTS = sqlFile(import.meta.url, 'sql/doubts.sql');
const PAST = sqlFile(import.meta.url, 'sql/pastDoubts.sql');
/** What is beyond waits: as many alerts of a kind are open at most. */
const FOUND_MAX = 200;
/** From here on days without a sale alone make no doubt of stock without tags, so they are not looked for every few seconds. */
const NOT_BY_GAPS_ALONE = 0.81;

interface Row extends DoubtFiguresRow {
  readonly id: string;
  readonly opened_at: number;
  readonly beside: number;
}

export const doubtKinds = {
  phantom: {
    async find(look, { probabilityMin, warningMin, untaggedMin }) {
      const { database, plan } = look;
      const { rows } = await database.query<Row>({
        name: 'watch-doubts',
        text: DOUBTS,
        values: [plan.site, probabilityMin, FOUND_MAX],
      });
      const ofTags = rows.map((row) => {
        const { epc, location, probability } = row;
        const figures = doubtFigures(row);
        const isLikely = probability >= warningMin;
        return {
          subject: epc,
          confidence: probability,
          ...(isLikely && { severity: 'warning' as const }),
          message: doubtMessage({
            ...figures,
            probability: isLikely ? Math.max(warningMin, probabilityMin) : probabilityMin,
          }),
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
      return [...ofTags, ...(await untagged(look, untaggedMin))];
    },
    async past(past, { probabilityMin, untaggedMin }) {
      const { database, plan, from, to } = past;
      const { rows } = await database.query<{
        epc: string;
        sku: string | null;
        location: string;
        closed_at: number | null;
        at: number;
      }>({ text: PAST, values: [plan.site, probabilityMin, from, to] });
      const ofTags = rows.map(({ epc, sku, location, closed_at: closedAt, at }) => ({
        subject: epc,
        from: at,
        to: closedAt ?? undefined,
        message: `${sku ?? 'Item'} ${epc} was probably not at ${location}.`,
      }));
      return [...ofTags, ...(await pastUntagged(past, untaggedMin))];
    },
  },
} satisfies Partial<Kinds>;

async function untagged({ database, plan, now }: Look, probabilityMin: number): Promise<readonly Finding[]> {
  const doubts = await stockDoubts(database, plan, { at: now, withGaps: probabilityMin < NOT_BY_GAPS_ALONE });
  return doubts
    .filter(({ probability }) => probability >= probabilityMin)
    .slice(0, FOUND_MAX)
    .map(({ evidence, probability, odds, before }) => ({
      subject: `${evidence.sku}@${evidence.location}`,
      confidence: probability,
      severity: 'warning' as const,
      message: stockDoubtMessage(evidence, probabilityMin),
      suggestion: stockDoubtAdvice(evidence),
      evidence: {
        ...evidence,
        since: evidence.since === undefined ? null : formatTime(evidence.since),
        shortAt: evidence.shortAt === undefined ? null : formatTime(evidence.shortAt),
        why: whyStockDoubted(evidence, now),
        before,
        odds,
      },
      look: `/v1/phantoms?site=${encodeURIComponent(plan.site)}&location=${encodeURIComponent(evidence.location)}`,
    }));
}

/** Looked at so often over the period: nothing between two looks is known, as with the watch itself. */
const PAST_LOOKS = 60;
const PAST_EVERY_LEAST_MS = 3_600_000;

async function pastUntagged({ database, plan, from, to }: Past, probabilityMin: number): Promise<readonly Period[]> {
  const everyMs = Math.max(PAST_EVERY_LEAST_MS, (to - from) / PAST_LOOKS);
  const wrongAt = new Map<string, Set<number>>();
  const messages = new Map<string, string>();
  const looks: number[] = [];
  for (let at = to; at >= from; at -= everyMs) looks.unshift(at);
  for (const at of looks) {
    const doubts = await stockDoubts(database, plan, { at, withGaps: probabilityMin < NOT_BY_GAPS_ALONE });
    for (const { evidence, probability } of doubts) {
      if (probability < probabilityMin) continue;
      const subject = `${evidence.sku}@${evidence.location}`;
      wrongAt.set(subject, (wrongAt.get(subject) ?? new Set<number>()).add(at));
      messages.set(subject, `${evidence.sku} without tags was probably not all at ${evidence.location}.`);
    }
  }
  return [...wrongAt].flatMap(([subject, wrong]) => {
    const points: Point[] = looks.map((at) => ({ at, isWrong: wrong.has(at) }));
    return spansOf(points, to).map((span) => ({ ...span, subject, message: messages.get(subject)! }));
  });
}
