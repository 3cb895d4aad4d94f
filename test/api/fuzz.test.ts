// Whatever is asked of it, the API answers: never with a defect, never not at all, always as its document says; and what it
// let through leaves the books whole.
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { Compile } from 'typebox/compile';
import { beforeAll, describe, expect, it } from 'vitest';
import { CODES } from '../../src/api/problem.ts';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { crossing, epcOf, readEntries, SKU, smallSite } from '../support/sites.ts';
import { inTime } from '../support/wait.ts';
import { objectOf, textOf, valueOf, type Known, type Schema } from './arbitraries.ts';
import { done, found, HOUR_MS, iso, say, seen } from './doings.ts';
import { openService, type Answer, type TestService } from './service.ts';

interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}

/** The same requests every time; another seed finds others. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_123);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 25);
const ANSWER_WITHIN_MS = 15_000;

let service: TestService;
let known: Known;
let routes: readonly (readonly [string, Operation])[];

beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2')] });
  const epcs = [1, 2, 3].map(epcOf);
  await seen(service, crossing(epcs, 'in', Date.now() - HOUR_MS), { DOCK: epcs });
  await service.deliver({ reads: readEntries([{ reader: 'stranger', epc: epcOf(4), at: Date.now() }]) });
  await found(service, 'PLAIN', 5, 'B');
  await say(service, '/v1/movements', { site: 'T1', sku: 'PLAIN', quantity: 9, from: 'R', to: 'A' });
  const lines = [{ line: '1', sku: 'PLAIN', quantity: 3 }];
  await say(service, '/v1/orders', { site: 'T1', id: 'O-1', customer: 'SHOP-1', lines });
  await say(service, '/v1/picks', { site: 'T1', id: 'P-1', orders: ['O-1'] });
  await say(service, '/v1/loads', { site: 'T1', id: 'L-1', carrier: 'CARRIER', orders: ['O-1'] });
  const first = async (path: string) =>
    (done(await service.get(path, { state: 'all' })).items as { id: string | number }[]).map(({ id }) => String(id));
  const ids = [
    ...(await first('/v1/movements')),
    ...(await first('/v1/passages')),
    ...(await first('/v1/discrepancies')),
    ...(await first('/v1/quarantine')),
    'O-1',
    'P-1',
    'L-1',
  ];
  known = {
    site: ['T1', 'T2'],
    epc: [...epcs, 'ABCD', epcOf(9)],
    epcs,
    container: [epcs[0]!],
    sku: [SKU, 'PLAIN'],
    location: ['A', 'A-01', 'B', 'DOCK', 'world'],
    from: ['A', 'B', 'R', 'world', iso(Date.now() - HOUR_MS)],
    to: ['A', 'B', 'R', 'world', iso(Date.now())],
    at: [iso(Date.now() - HOUR_MS), iso(Date.now())],
    knownAt: [iso(Date.now())],
    line: ['1', '2'],
    scan: ['A', 'B', SKU, epcs[0]!],
    readPoint: ['DOOR', 'AISLE-A'],
    id: ids,
    every: ['1m', '10s'],
    cursor: ['', Buffer.from(JSON.stringify([iso(Date.now()), ids[0]])).toString('base64url')],
    'idempotency-key': ['k-1', 'k-2'],
  };
  const { paths } = done(await service.get('/openapi.json')) as { paths: Record<string, Record<string, Operation>> };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  );
});

/** A request of the route: path, query, headers, body. */
function requestOf(route: string, { parameters = [], requestBody }: Operation): fc.Arbitrary<InjectOptions> {
  const [method, path] = route.split(' ') as ['GET' | 'POST' | 'PUT', string];
  const within = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const texts = (place: string): fc.Arbitrary<Record<string, string>> => {
    const list = within(place);
    const fields = Object.fromEntries(list.map(({ name, schema }) => [name, textOf(schema, name, known)]));
    return fc.record(fields, { requiredKeys: list.filter(({ required }) => required).map(({ name }) => name) });
  };
  const json = requestBody?.content['application/json']?.schema;
  const body =
    json === undefined
      ? fc.constant(undefined)
      : json.properties === undefined
        ? siteFile
        : fc.oneof({ weight: 30, arbitrary: objectOf(json, known) }, valueOf({}, '', known));
  return fc.tuple(texts('path'), texts('query'), texts('header'), body).map(([inPath, query, headers, payload]) => ({
    method,
    url: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => escaped(inPath[name] ?? '') || '-'),
    query: Object.fromEntries(
      Object.entries(query)
        .filter(([name, value]) => name !== 'cursor' || value.length % 4 === 0) // or nearly every page would be none
        .map(([name, value]) => [name, wellFormed(value)]),
    ),
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, escaped(value).slice(0, 200)])),
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
  }));
}

/** What a client can send at all: no half surrogates in a URL, no line ends in a header. */
const wellFormed = (text: string): string => Buffer.from(text).toString();
const escaped = (text: string): string => encodeURIComponent(wellFormed(text));

/** A site file with something in it that does not belong there. */
const siteFile: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom('site', 'name', 'locations', 'readPoints', 'devices', 'rules', 'more'),
    fc.jsonValue({ maxDepth: 3 }),
  )
  .map(([field, value]) => ({ ...smallSite('T2'), [field]: value }));

function expectAnswer(answer: Answer, { responses }: Operation): void {
  const { status, type, body } = answer;
  if (status === 200) {
    const schema = responses['200']!.content?.['application/json']?.schema;
    if (schema !== undefined) expect(Compile(schema as never).Errors(body)).toEqual([]);
    return;
  }
  expect({ status, type, code: body.code as string }).toEqual({
    status: expect.toSatisfy((code: number) => code >= 400 && code < 500),
    type: expect.stringMatching(/^application\/problem\+json/),
    code: expect.toSatisfy((code: string) => CODES[code]?.status === status),
  });
}

describe('a route asked at random', () => {
  it('answers as its document says, or says what is wrong', { timeout: 120_000 }, async () => {
    for (const [route, operation] of routes) {
      if (route === 'GET /v1/live') continue; // its answer has no end; see live.test.ts
      await fc.assert(
        fc.asyncProperty(requestOf(route, operation), async (request) => {
          expectAnswer(await inTime(`the answer of ${route}`, service.ask(request), ANSWER_WITHIN_MS), operation);
        }),
        { seed: SEED, numRuns: route.startsWith('PUT /v1/sites') ? Math.ceil(RUNS / 3) : RUNS },
      );
    }
  });

  it('leaves the books whole: the ledger is what the journal says, and the engine works on', async () => {
    for (const site of ['T1', 'T2']) {
      await service.posted(site);
      const log = createLog({ style: 'silent' });
      const { differences } = await verifySite(
        service.database.url,
        site,
        openJournal(service.database.pool, log),
        log,
      );
      expect(differences).toEqual([]);
    }
    await found(service, 'STILL', 1, 'B');
  });
});
