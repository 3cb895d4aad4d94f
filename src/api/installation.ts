// Whether antennas, readers and clocks are as they should be, and how much of what each door hears belongs to another one.
import { Type } from 'typebox';
import { FINDING_KINDS } from '../infer/installation/finding.ts';
import type { Pool } from '../store/database.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { filters, newest } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging, timeText } from './lists.ts';
import { Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
export const FindingJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  kind: Type.Enum([...FINDING_KINDS]),
  severity: Type.String(),
  state: Type.Enum(['open', 'closed']),
  readPoint: Type.String(),
  reader: Text,
  antenna: Type.Union([Type.Integer(), Type.Null()]),
  other: Type.Union([Type.String(), Type.Null()], { description: 'The other reader, or the other zone.' }),
  since: Type.String({ format: 'date-time', description: 'The first of what it was concluded from.' }),
  openedAt: Type.String({ format: 'date-time' }),
  closedAt: Text,
  certainty: Type.Number({
    description:
      '0 to 1, how sure: of what was looked at, the share that says so; of what is measured, by how many measures.',
  }),
  evidence: Type.Record(Type.String(), Type.Number()),
  seen: Type.String({ description: 'What was seen, in a sentence.' }),
  advice: Type.String({ description: 'What to do.' }),
});

export interface FindingRow {
  readonly site: string;
  readonly id: string;
  readonly kind: (typeof FINDING_KINDS)[number];
  readonly severity: string;
  readonly read_point: string;
  readonly reader: string | null;
  readonly antenna: number | null;
  readonly other: string | null;
  readonly since: number;
  readonly opened_at: number;
  readonly closed_at: number | null;
  readonly certainty: number;
  readonly evidence: Record<string, number>;
  readonly seen: string;
  readonly advice: string;
}

export const findingJson = (row: FindingRow) => ({
  id: row.id,
  site: row.site,
  kind: row.kind,
  severity: row.severity,
  state: row.closed_at === null ? ('open' as const) : ('closed' as const),
  readPoint: row.read_point,
  reader: row.reader,
  antenna: row.antenna,
  other: row.other,
  since: formatTime(row.since),
  openedAt: formatTime(row.opened_at),
  closedAt: timeText(row.closed_at),
  certainty: row.certainty,
  evidence: row.evidence,
  seen: row.seen,
  advice: row.advice,
});

const DoorJson = Type.Object({
  tags: Type.Integer({ description: 'Tags that its antennas heard; one that comes twice counts twice.' }),
  reads: Type.Integer({ description: 'Their reads around their passages.' }),
  otherTags: Type.Integer({ description: 'Those of them that surely crossed another door.' }),
  otherReads: Type.Integer(),
  strayTagShare: Type.Union([Type.Number(), Type.Null()], {
    description: 'otherTags / tags; null when none was heard.',
  }),
  strayReadShare: Type.Union([Type.Number(), Type.Null()], { description: 'otherReads / reads.' }),
  passages: Type.Integer({ description: 'Passages told of this door.' }),
  crossed: Type.Integer(),
  stray: Type.Integer({ description: 'Passages with outcome `stray`: heard once or twice, from afar.' }),
});

const InstallationJson = Type.Object({
  site: Type.String(),
  findings: Type.Array(FindingJson, { description: 'Open ones, newest first.' }),
  doors: Type.Array(
    Type.Object({ readPoint: Type.String(), lastHour: DoorJson, lastDay: DoorJson, lastWeek: DoorJson }),
  ),
});

interface DoorRow {
  readonly site: string;
  readonly read_point: string;
  readonly span: number;
  readonly tags: number;
  readonly reads: number;
  readonly other_tags: number;
  readonly other_reads: number;
  readonly passages: number;
  readonly crossed: number;
  readonly stray: number;
}

/** Hours, the one that goes on now not counted as one. */
const SPANS = { lastHour: 1, lastDay: 24, lastWeek: 168 } as const;
const OPEN_MAX = 100;

export function installationRoutes(app: App, { pool, catalogue }: Context): void {
  app.get(
    '/v1/installation',
    {
      schema: {
        tags: ['installation'],
        summary: 'What is wrong with the installation of each site, and how much each door hears of others',
        description: `What is said rests on reads that nothing can change any more: it is behind by \`lateMs\` (ten minutes). The shares of
strays are of whole hours and of the one that goes on.`,
        querystring: Type.Object({ site: Type.Optional(Type.String()), ...Paging }),
        response: { 200: Page(InstallationJson), default: Problem },
      },
    },
    async ({ query }) => {
      const [after] = keyOf(query.cursor, ['text']) ?? [];
      const plans = (await catalogue.asked(query.site)).filter(({ site }) => after === undefined || site > after);
      const limit = query.limit ?? LIMIT_DEFAULT;
      const sites = plans.slice(0, limit).map(({ site }) => site);
      const [findings, doors] = await Promise.all([openFindings(pool, sites), doorsOf(pool, sites)]);
      return pageOf(
        plans,
        limit,
        ({ site, readPoints }) => ({
          site,
          findings: findings.filter((row) => row.site === site).map((row) => findingJson(row)),
          doors: readPoints
            .filter(({ kind }) => kind === 'portal')
            .map(({ id }) =>
              doorJson(
                id,
                doors.filter((row) => row.site === site && row.read_point === id),
              ),
            ),
        }),
        ({ site }) => [site],
      );
    },
  );

  app.get(
    '/v1/findings',
    {
      schema: {
        tags: ['installation'],
        summary: 'Faults of the installation as they opened and closed, newest first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          kind: Type.Optional(Type.Enum([...FINDING_KINDS])),
          state: Type.Optional(Type.Enum(['open', 'closed', 'all'], { default: 'open' })),
          readPoint: Type.Optional(Type.String()),
          ...Paging,
        }),
        response: { 200: Page(FindingJson), default: Problem },
      },
    },
    async ({ query }) => {
      const plans = await catalogue.asked(query.site);
      const where = filters();
      where.add('f.kind = $', query.kind);
      where.add('f.read_point = $', query.readPoint);
      const state = query.state ?? 'open';
      if (state !== 'all') where.addAll(`f.closed_at is ${state === 'open' ? '' : 'not'} null`);
      const { limit, ...statement } = newest(
        { table: 'finding', as: 'f', columns: 'f.*', time: 'opened_at' },
        plans,
        where,
        query,
      );
      const { rows } = await pool.query<FindingRow>(statement);
      return pageOf(rows, limit, findingJson, (row) => [formatTime(row.opened_at), row.id]);
    },
  );
}

async function openFindings(pool: Pool, sites: readonly string[]): Promise<readonly FindingRow[]> {
  const { rows } = await pool.query<FindingRow>({
    name: 'installation-findings',
    text: `select f.* from unnest($1::text[]) as s (site)
           cross join lateral (select * from finding f where f.site = s.site and f.closed_at is null
                               order by f.opened_at desc, f.id desc limit ${OPEN_MAX}) f`,
    values: [sites],
  });
  return rows;
}

/** By door and span. Hours are of event time, and so is now: of a site that stood still for a week the last hour is that of its last reads. */
async function doorsOf(pool: Pool, sites: readonly string[]): Promise<readonly DoorRow[]> {
  const { rows } = await pool.query<DoorRow>({
    name: 'installation-doors',
    text: `select d.site, d.read_point, s.span, sum(d.tags)::bigint as tags, sum(d.reads)::bigint as reads, sum(d.other_tags)::bigint as other_tags,
                  sum(d.other_reads)::bigint as other_reads, sum(d.passages)::bigint as passages, sum(d.crossed)::bigint as crossed,
                  sum(d.stray)::bigint as stray
           from (select site, max(hour) as newest from door_hour where site = any ($1) group by site) n
           cross join unnest($2::integer[]) as s (span)
           join door_hour d on d.site = n.site and d.hour >= n.newest - make_interval(hours => s.span)
           group by d.site, d.read_point, s.span`,
    values: [sites, Object.values(SPANS)],
  });
  return rows;
}

function doorJson(readPoint: string, rows: readonly DoorRow[]) {
  const of = (span: number) => {
    const row = rows.find((one) => one.span === span);
    const { tags = 0, reads = 0, other_tags: otherTags = 0, other_reads: otherReads = 0 } = row ?? {};
    const { passages = 0, crossed = 0, stray = 0 } = row ?? {};
    return {
      tags,
      reads,
      otherTags,
      otherReads,
      strayTagShare: tags === 0 ? null : roundShare(otherTags / tags),
      strayReadShare: reads === 0 ? null : roundShare(otherReads / reads),
      passages,
      crossed,
      stray,
    };
  };
  return { readPoint, lastHour: of(SPANS.lastHour), lastDay: of(SPANS.lastDay), lastWeek: of(SPANS.lastWeek) };
}

const roundShare = (share: number): number => Math.round(share * 10_000) / 10_000;
