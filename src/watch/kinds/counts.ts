// Bins that nobody has counted for too long: those of a class whose time has come, and those that were planned and wait.
import type { AlertRules } from '../../config/alertKinds.ts';
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import { atOnce, type Share } from '../periods.ts';
import type { Finding, Kinds, Look, Past } from '../finding.ts';
import { spanText } from '../words.ts';

const PAST_COUNTS = sqlFile(import.meta.url, 'sql/pastCounts.sql');
const DUE = sqlFile(import.meta.url, 'sql/countsDue.sql');
const DAY_MS = 86_400_000;
const NAMED_MAX = 20;

type Limits = AlertRules['count-overdue'];

export const countKinds = {
  'count-overdue': {
    async find(look, limits) {
      return [...(await overdue(look, limits)), ...(await waiting(look, limits))];
    },
    async past(past, limits) {
      const tooLate = await wereOverdue(past, limits);
      const { rows } = await past.database.query<{ location: string; made_at: number; counted_at: number | null }>({
        text: `select t.location, c.created_at as made_at, coalesce(t.counted_at, t.closed_at) as counted_at
               from count_task t join count_plan c using (site, count_id)
               where t.site = $1 and t.state <> 'cancelled' and c.created_at <= $2 and coalesce(t.counted_at, t.closed_at, $2) >= $3`,
        values: [past.plan.site, formatTime(past.to), formatTime(past.from)],
      });
      const waited = rows
        .map(({ location, made_at: madeAt, counted_at: countedAt }) => ({
          subject: 'planned',
          from: madeAt + limits.waitingMs,
          to: countedAt ?? undefined,
          message: `${location} waited for ${spanText(limits.waitingMs)} to be counted.`,
        }))
        .filter(({ from, to }) => to === undefined || to > from);
      return atOnce(
        [...tooLate, ...waited].filter(({ from }) => from <= past.to),
        limits.binsMin,
      );
    },
  },
} satisfies Partial<Kinds>;

interface Bin {
  readonly location: string;
  readonly of: 'A' | 'B' | 'C';
  readonly countedAt: number | undefined;
  /** One that was never counted is due as if it had been when the site was first described. */
  readonly dueAt: number;
}

const classesOf = ({ rules, locations }: Look['plan']) => {
  const { everyDaysA, everyDaysB, everyDaysC } = rules.count;
  const days = { A: everyDaysA, B: everyDaysB, C: everyDaysC };
  const isClass = (of: string | undefined): of is Bin['of'] => of !== undefined && Object.hasOwn(days, of);
  const classOf = new Map(
    [...locations.values()].flatMap(({ id, class: of }) => (isClass(of) ? [[id, of] as const] : [])),
  );
  return { days, classOf };
};

async function binsOf({ database, plan, now: at }: Look): Promise<readonly Bin[]> {
  const { days, classOf } = classesOf(plan);
  if (classOf.size === 0) return [];
  const { rows } = await database.query<{ location: string; counted_at: number | null; known_at: number | null }>({
    name: 'watch-counts-due',
    text: DUE,
    values: [plan.site, [...classOf.keys()], formatTime(at)],
  });
  return rows.map(({ location, counted_at: countedAt, known_at: knownAt }) => {
    const of = classOf.get(location)!;
    return { location, of, countedAt: countedAt ?? undefined, dueAt: (countedAt ?? knownAt ?? at) + days[of] * DAY_MS };
  });
}

async function overdue(look: Look, { graceDays, binsMin }: Limits): Promise<readonly Finding[]> {
  const late = (await binsOf(look)).filter(({ dueAt }) => look.now - dueAt >= graceDays * DAY_MS);
  return (['A', 'B', 'C'] as const).flatMap((of): Finding[] => {
    const bins = late.filter((bin) => bin.of === of).toSorted((a, b) => a.dueAt - b.dueAt);
    if (bins.length < Math.max(1, binsMin)) return [];
    const oldest = bins[0]!;
    return [
      {
        subject: `class ${of}`,
        confidence: 1,
        message: `${bins.length === 1 ? `${oldest.location} is` : `${bins.length} bins are`} overdue to be counted (class ${of}), ${oldest.location} longest.`,
        suggestion: `Plan a count by class: POST /v1/counts with by "abc" and class "${of}".`,
        evidence: {
          class: of,
          bins: bins.length,
          locations: bins.slice(0, NAMED_MAX).map(({ location }) => location),
          oldestDueAt: formatTime(oldest.dueAt),
          oldestCountedAt: oldest.countedAt === undefined ? null : formatTime(oldest.countedAt),
        },
        look: `/v1/counts?site=${encodeURIComponent(look.plan.site)}`,
      },
    ];
  });
}

/** From count to count: a bin is late from so long after one until the next. */
async function wereOverdue({ database, plan, from, to }: Past, { graceDays }: Limits): Promise<readonly Share[]> {
  const { days, classOf } = classesOf(plan);
  if (classOf.size === 0) return [];
  const { rows } = await database.query<{ location: string; counted_at: number | null }>({
    text: PAST_COUNTS,
    values: [plan.site, [...classOf.keys()], formatTime(to)],
  });
  const late: Share[] = [];
  for (const [index, { location, counted_at: countedAt }] of rows.entries()) {
    if (countedAt === null) continue;
    const next = rows[index + 1];
    const until = next?.location === location ? (next.counted_at ?? undefined) : undefined;
    const of = classOf.get(location)!;
    const since = countedAt + (days[of] + graceDays) * DAY_MS;
    if (since > to || since >= (until ?? Infinity) || (until ?? to) < from) continue;
    late.push({ subject: `class ${of}`, from: since, to: until, message: `${location} was not counted in time.` });
  }
  return late;
}

async function waiting({ database, plan, now }: Look, { waitingMs, binsMin }: Limits): Promise<readonly Finding[]> {
  const { rows } = await database.query<{ bins: number; oldest: number | null; locations: readonly string[] | null }>({
    name: 'watch-counts-waiting',
    text: `select count(*) as bins, min(c.created_at) as oldest, (array_agg(t.location order by c.created_at, t.task))[1:20] as locations
           from count_task t join count_plan c using (site, count_id)
           where t.site = $1 and t.state in ('open', 'recount', 'resweep', 'approval') and c.created_at <= $2`,
    values: [plan.site, formatTime(now - waitingMs)],
  });
  const { bins, oldest, locations } = rows[0]!;
  if (oldest === null || bins < Math.max(1, binsMin)) return [];
  return [
    {
      subject: 'planned',
      confidence: 1,
      message: `${bins === 1 ? 'A bin waits' : `${bins} bins wait`} for more than ${spanText(waitingMs)} to be counted.`,
      suggestion: 'Count them, or cancel the plan: until then what is in doubt there stays so.',
      evidence: { bins, locations, oldestSince: formatTime(oldest) },
      look: `/v1/count-tasks?site=${encodeURIComponent(plan.site)}`,
    },
  ];
}
