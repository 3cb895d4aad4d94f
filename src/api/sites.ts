// Sites: what has been loaded, and loading a site file while running.
import { Type } from 'typebox';
import { loadSite, siteSource } from '../config/load.ts';
import type { SitePlan } from '../config/plan.ts';
import { configurationFault } from '../config/problems.ts';
import { formatOf } from '../wire/formats/formats.ts';
import { leftBehind, leftBehindText } from '../post/leftBehind.ts';
import { actorOf, CommandAnswer, KeyHeader, keyOfRequest } from './commands.ts';
import type { App, Context } from './context.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { ApiFault, Problem } from './problem.ts';

const FILE_TYPES = ['application/yaml', 'application/json', 'text/yaml', 'application/x-yaml', 'text/plain'];

const SiteJson = Type.Object({
  site: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  training: Type.Boolean({ description: 'People practise here: nothing of it is real.' }),
  timeZone: Type.String(),
  locations: Type.Array(
    Type.Object({ id: Type.String(), kind: Type.String(), in: Type.Union([Type.String(), Type.Null()]) }),
  ),
  readPoints: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String(),
      outside: Type.Union([Type.String(), Type.Null()]),
      inside: Type.Union([Type.String(), Type.Null()]),
      location: Type.Union([Type.String(), Type.Null()]),
      antennas: Type.Array(
        Type.Object({ reader: Type.String(), antenna: Type.Integer(), side: Type.Union([Type.String(), Type.Null()]) }),
      ),
    }),
  ),
});

const siteJson = (plan: SitePlan) => ({
  site: plan.site,
  name: plan.name,
  kind: plan.kind,
  training: plan.isTraining,
  timeZone: plan.timeZone,
  locations: [...plan.locations.values()].map(({ id, kind, in: outer }) => ({ id, kind, in: outer ?? null })),
  readPoints: plan.readPoints.map((point) => ({
    id: point.id,
    kind: point.kind,
    outside: point.kind === 'portal' ? point.outside : null,
    inside: point.kind === 'portal' ? point.inside : null,
    location: point.kind === 'portal' ? null : point.location,
    antennas: plan.antennas
      .filter((antenna) => antenna.readPoint === point.index && antenna.antenna > 0)
      .map(({ reader, antenna, side }) => ({ reader, antenna, side: side ?? null })),
  })),
});

export function siteRoutes(app: App, { catalogue, commands, rules, pool }: Context): void {
  app.get(
    '/v1/sites',
    {
      schema: {
        tags: ['sites'],
        summary: 'Sites that were loaded',
        querystring: Type.Object(Paging),
        response: { 200: Page(SiteJson), default: Problem },
      },
    },
    async ({ query }) => {
      const [after] = keyOf(query.cursor, ['text']) ?? [];
      const plans = await catalogue.all();
      const rest = after === undefined ? plans : plans.filter(({ site }) => site > after);
      return pageOf(rest, query.limit ?? LIMIT_DEFAULT, siteJson, ({ site }) => [site]);
    },
  );

  // A site file is taken as it is written, JSON too (which is YAML), so that a problem names the line that the sender sees.
  app.register(async (scope) => {
    const files = scope as unknown as App;
    files.removeAllContentTypeParsers();
    files.addContentTypeParser(FILE_TYPES, { parseAs: 'string' }, (_request, body, done) => done(null, body));
    loadRoute(files, { catalogue, commands, rules, pool });
  });
}

function loadRoute(
  files: App,
  { catalogue, commands, rules, pool }: Pick<Context, 'catalogue' | 'commands' | 'rules' | 'pool'>,
): void {
  files.put(
    '/v1/sites/:site',
    {
      schema: {
        tags: ['sites'],
        summary: 'Load a site file (YAML or JSON), in force from one place in its journal',
        params: Type.Object({ site: Type.String() }),
        headers: KeyHeader,
        description:
          'Everything open at its doors is closed first; a file with problems changes nothing, and each is listed. A location at which the books have stock stays in it.',
        body: {
          content: Object.fromEntries(
            FILE_TYPES.map((type) => [type, { schema: Type.Unknown({ description: 'The file, as it is written.' }) }]),
          ),
        },
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const { site } = request.params;
      const text = typeof request.body === 'string' ? request.body : '';
      const loaded = loadSite(`${site}.yaml`, text, formatOf);
      if (loaded.file === undefined) throw configurationFault(loaded.problems);
      if (loaded.file.site !== site)
        throw new ApiFault(422, 'bad-site', `site: the file is about ${loaded.file.site}, the path about ${site}.`);
      const plan = (await catalogue.all()).find((one) => one.site === site);
      const left = plan === undefined ? [] : await leftBehind(pool, plan, loaded.file);
      if (left.length > 0)
        throw new ApiFault(
          409,
          'location-in-use',
          `locations: the books have ${leftBehindText(left)}, and the file does not name the place any more. Move the stock first, or leave the location in the file.`,
        );
      const answer = await commands.run(site, keyOfRequest(request), actorOf(request), {
        kind: 'load-site',
        source: siteSource(loaded.file, { rules }),
      });
      catalogue.stale();
      return answer;
    },
  );
}
