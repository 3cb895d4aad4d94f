// Problems: whatever goes wrong is told in one way, with a code that stays; and every code is in the catalogue.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { CODES } from '../../src/api/problem.ts';
import { expectProblem } from './doings.ts';
import { openService, type TestService } from './service.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService();
});

const src = fileURLToPath(new URL('../../src/', import.meta.url));
const text = (path: string): string => readFileSync(src + path, 'utf8');

const filesOf = (room: string): string[] =>
  readdirSync(src + room)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${room}/${file}`);

/** Where a code that a client may see comes from, and how it stands there. */
const SOURCES: readonly (readonly [readonly string[], RegExp])[] = [
  [filesOf('api'), /(?:new ApiFault|problem)\(\s*\d{3},\s*'([a-z-]+)'/g],
  // What a site's writer refuses comes back as the outcome of the command.
  // The same of one field of what is said.
  [filesOf('work'), /fault\(\s*(?:'\w+'|field|[^,']+\? '\w+' : '\w+'),\s*'([a-z-]+)'/g],
  [
    [
      'infer/commands.ts',
      'infer/commandPlace.ts',
      'infer/adjustments.ts',
      'infer/checks.ts',
      'infer/truck.ts',
      ...filesOf('work'),
      ...filesOf('work/outbound'),
      ...filesOf('work/tasks'),
      ...filesOf('work/queue'),
      ...filesOf('work/counting'),
      ...filesOf('work/transfers'),
      ...filesOf('work/feeds'),
      ...filesOf('work/partners'),
      ...filesOf('work/returns'),
      ...filesOf('work/announced'),
      ...filesOf('work/appointments'),
    ],
    /(?:refused\(|return \{ code:)\s*'([a-z-]+)'/g,
  ],
  [['config/problems.ts', 'telemetry/influxReader.ts'], /rejected\(\s*'([a-z-]+)'/g],
  [['watch/keep.ts'], /conflict\(\s*'([a-z-]+)'/g],
  [['store/database.ts'], /const (?:AWAY|DISK_FULL|DISK_FAILS) = '([a-z-]+)'/g],
];

describe('the catalogue of codes', () => {
  it('has every code that the code can produce, and none that it cannot', () => {
    const produced = new Set(
      SOURCES.flatMap(([files, pattern]) =>
        files.flatMap((file) => [...text(file).matchAll(pattern)].map((match) => match[1]!)),
      ),
    );
    expect([...produced].toSorted()).toEqual(Object.keys(CODES).toSorted());
  });

  it('knows of every place from which a fault can come: a file that throws another must be named above', () => {
    const named = new Set(SOURCES.flatMap(([files]) => files));
    const throwing = importedFrom('api/server.ts').filter(
      (file) => !named.has(file) && /\b(?:rejected|conflict|new Fault)\(\s*'/.test(text(file)),
    );
    // Decoding a message is answered with reasons, not with a problem; what the intake refuses, its broker tells.
    expect(throwing.filter((file) => !/^(?:wire|intake|kit|post|config|clean)\//.test(file))).toEqual([]);
  });
});

/** A file and everything that it imports, far down. */
function importedFrom(entry: string): string[] {
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file) || !file.endsWith('.ts')) continue;
    seen.add(file);
    for (const [, path] of text(file).matchAll(/^import (?!type)[^;]*from '(\.[^']+)';/gm))
      open.push(new URL(path!, `file:///${file}`).pathname.slice(1));
  }
  return [...seen];
}

describe('a request that goes wrong', () => {
  it('on a route that is none is told where the routes are', async () => {
    expectProblem(await service.get('/v1/pallets'), 404, 'not-found', /GET \/v1\/pallets; \/docs/);
    expectProblem(await service.ask({ method: 'DELETE', url: '/v1/stock' }), 404, 'not-found', /DELETE/);
  });

  it('with a URL that is none, or a name that is far too long, is a problem as well', async () => {
    expectProblem(await service.get('/v1/items/%E0%A4%A'), 400, 'bad-request', /not a valid url/);
    expectProblem(await service.get(`/v1/items/${'A'.repeat(5000)}`), 400, 'bad-request');
  });

  it('with a body that is no JSON, of another kind, or too large is told so', async () => {
    const json = { 'content-type': 'application/json' };
    expectProblem(await service.post('/v1/movements', '{"site":', json), 400, 'bad-request', /JSON/);
    expectProblem(await service.post('/v1/movements', '', json), 400, 'bad-request', /empty/);
    expectProblem(await service.post('/v1/movements', '{"__proto__":{}}', json), 400, 'bad-request');
    expectProblem(await service.post('/v1/movements'), 400, 'bad-request');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expectProblem(await service.post('/v1/movements', 'site=T1', form), 415, 'unsupported-media-type', /x-www-form/);
    expectProblem(await service.post('/v1/movements', `{"site":"${'x'.repeat(2_000_000)}"}`, json), 413, 'too-large');
  });

  it('names each place that is wrong', async () => {
    const answer = await service.post('/v1/adjustments', { site: 'T1', sku: '', quantity: 'many' });
    expectProblem(answer, 400, 'bad-request');
    const paths = (answer.body.errors as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/sku', '/quantity']));
    expect(JSON.stringify(answer.body.errors)).toContain('location');
  });

  it('by our own mistake tells nothing of it but that it is ours', async () => {
    const broken = await openService({
      lives: 'test',
      isBroken: true,
      api: { engine: { metrics: () => Promise.reject(new Error('secret')), health: () => Promise.resolve(undefined) } },
    });
    const answer = await broken.get('/metrics');
    expectProblem(answer, 500, 'defect', /log of the service/);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });
});
