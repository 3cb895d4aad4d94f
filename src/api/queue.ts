// The queue: all work that waits for a person, in the order in which one would be given it, and what people ask of it.
import { Type } from 'typebox';
import { becauseOf, rankJobs, type Asking } from '../infer/jobRank.ts';
import { CommandSchemas } from '../wire/command.ts';
import { Id } from '../wire/id.ts';
import { JOB_KINDS } from '../wire/queue.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { jobOf, jobJson, JobJson, type JobRow } from './jobJson.ts';
import { LIMIT_DEFAULT, LIMIT_MAX } from './lists.ts';
import { ApiFault, Problem } from './problem.ts';

/** Of a longer queue the oldest so many are ranked. */
const RANKED_MAX = 5000;

const Ranked = Type.Object({
  ...JobJson.properties,
  urgency: Type.Integer({ description: 'Its priority, and one more for every `queueAgeMs` that it waits.' }),
  distanceM: Type.Union([Type.Number(), Type.Null()], {
    description: 'From where the person is, as the crow flies; null where nobody knows.',
  }),
  because: Type.String({ description: 'Why it comes before the next one.' }),
});

export function queueRoutes(app: App, context: Context): void {
  const { pool, catalogue, clock } = context;
  app.get(
    '/v1/queue',
    {
      schema: {
        tags: ['queue'],
        summary: 'All work that waits for a person, in the order in which one would be given it',
        description:
          'By priority, then when it has to be out, then how far it is from `location`, then age. For a `person` without what others have, and what they must leave to others.',
        querystring: Type.Object({
          site: Id,
          kind: Type.Optional(Type.Enum([...JOB_KINDS])),
          person: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
          location: Type.Optional(Type.String({ ...Id, description: 'Where the person is.' })),
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT, description: 'The first so many.' }),
          ),
        }),
        response: {
          200: Type.Object({
            jobs: Type.Array(Ranked),
            waiting: Type.Integer({ description: 'How many there are in all.' }),
          }),
          default: Problem,
        },
      },
    },
    async ({ query }) => {
      const { kind, person, location, limit = LIMIT_DEFAULT } = query;
      const plan = await catalogue.one(query.site);
      if (location !== undefined && !plan.locations.has(location))
        throw new ApiFault(422, 'unknown-location', `location: ${location} is no location of ${plan.site}.`);
      const where = filters();
      where.add('j.site = $', plan.site);
      where.add('j.state = $', 'open');
      where.add('j.kind = $', kind);
      const { rows } = await pool.query<JobRow & Record<string, unknown>>(
        `select j.* from job j where ${where.where()} order by j.created_at, j.kind, j.id, j.part limit ${RANKED_MAX}`,
        [...where.values],
      );
      const asking: Asking = { person, location, at: clock() };
      // Who does not say who they are sees what others have as well.
      const open = rows.map((row) => {
        const job = jobOf(row);
        return { ...job, row, claim: person === undefined ? undefined : job.claim };
      });
      const ranked = rankJobs(open, plan, asking);
      return {
        jobs: ranked.slice(0, limit).map(({ job, priority: urgency, distanceM }, index) => ({
          ...jobJson(job.row, asking.at),
          urgency,
          distanceM: distanceM === undefined ? null : Math.round(distanceM * 10) / 10,
          because:
            index > 0 && index === ranked.length - 1
              ? 'It comes last.'
              : becauseOf(ranked.slice(index, index + 2), plan, asking),
        })),
        waiting: ranked.length,
      };
    },
  );

  app.post(
    '/v1/queue/next',
    {
      schema: {
        tags: ['queue'],
        summary: 'Ask for what is next: it is yours from then on, and nobody else’s',
        description:
          'For `X-Operator`, until `detail.until`; going on with it prolongs that. `detail.reason` says why it is this one; `detail.job` is null when nothing waits that they may do. Who has something is given that again.',
        headers: KeyHeader,
        body: bodyOf(CommandSchemas['next-job']),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) => runCommand(context, request, 'next-job', request.body as Body),
  );
  app.post(
    '/v1/queue/release',
    {
      schema: {
        tags: ['queue'],
        summary: 'Give it back: others may be given it',
        headers: KeyHeader,
        body: bodyOf(CommandSchemas['release-job']),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) => runCommand(context, request, 'release-job', request.body as Body),
  );
}
