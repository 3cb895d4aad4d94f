// /openapi.json and /docs: the whole API, in a document that programs can read and that says what is true.
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { CODES } from '../../src/api/problem.ts';
import { done } from './doings.ts';
import { openService, type TestService } from './service.ts';

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly description?: string;
    readonly schema?: { readonly format?: string };
  }[];
  readonly requestBody?: { readonly content: Record<string, unknown> };
  readonly responses: Record<
    string,
    { readonly content?: Record<string, { readonly schema: { readonly properties?: object } }> }
  >;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<
      string,
      { readonly properties: Record<string, { readonly enum?: string[]; readonly description?: string }> }
    >;
  };
  readonly tags: readonly { readonly name: string }[];
}

let service: TestService;
let document: Document;
beforeAll(async () => {
  service = await openService();
  document = done(await service.get('/openapi.json')) as Document;
});

/** Design 4.4, as far as it is built. */
const ROUTES = `
GET /v1/stock
GET /v1/movements
POST /v1/movements
GET /v1/movements/{id}/evidence
GET /v1/items/{epc}
GET /v1/items/{epc}/history
PUT /v1/items/{epc}/identity
POST /v1/items/{epc}/removal
POST /v1/items/{epc}/check
GET /v1/phantoms
GET /v1/phantoms/checks
POST /v1/sweeps
GET /v1/passages
GET /v1/passages/{id}/evidence
GET /v1/passages/{id}/evidence.svg
POST /v1/passages/{id}/decision
GET /v1/labels
GET /v1/labels.ndjson
GET /v1/discrepancies
POST /v1/discrepancies/{id}/settlement
GET /v1/alerts
GET /v1/alerts/{id}
POST /v1/alerts/{id}/acknowledge
POST /v1/alerts/{id}/snooze
POST /v1/alerts/{id}/resolve
GET /v1/alert-rules
GET /v1/alert-rules/{kind}/dry-run
GET /v1/alert-channels
POST /v1/adjustments
POST /v1/holds
POST /v1/containers/{epc}/pack
POST /v1/containers/{epc}/unpack
GET /v1/inbounds
POST /v1/inbounds
GET /v1/inbounds/{id}
PUT /v1/inbounds/{id}
GET /v1/inbounds/{id}/tags
POST /v1/inbounds/{id}/cancellation
POST /v1/inbounds/{id}/receipt
POST /v1/inbounds/{id}/goods
POST /v1/inbounds/{id}/closing
GET /v1/partners
GET /v1/partners/{kind}/{id}
PUT /v1/partners/{kind}/{id}
DELETE /v1/partners/{kind}/{id}
GET /v1/appointments
GET /v1/appointments/{id}
POST /v1/appointments
PUT /v1/appointments/{id}
POST /v1/appointments/{id}/cancellation
POST /v1/appointments/{id}/arrival
POST /v1/appointments/{id}/departure
POST /v1/sites/{site}/training
GET /v1/inbounds/{id}/photos
GET /v1/inbounds/{id}/photos/{photo}
POST /v1/inbounds/{id}/photos
GET /v1/supplier-returns
GET /v1/supplier-returns/{id}
POST /v1/supplier-returns
POST /v1/supplier-returns/{id}/shipment
POST /v1/supplier-returns/{id}/closing
GET /v1/crossing-lists
GET /v1/crossing-lists/{list}/tags
PUT /v1/crossing-lists/{list}
GET /v1/orders
POST /v1/orders
GET /v1/orders/{id}
PUT /v1/orders/{id}
GET /v1/putaways
GET /v1/putaways/{id}
POST /v1/putaways/{id}/claim
POST /v1/putaways/{id}/release
POST /v1/putaways/{id}/confirmation
GET /v1/replenishments
GET /v1/replenishments/{id}
POST /v1/replenishments/{id}/claim
POST /v1/replenishments/{id}/release
POST /v1/replenishments/{id}/confirmation
POST /v1/imports
GET /v1/products
GET /v1/products/{sku}
PUT /v1/products/{sku}
DELETE /v1/products/{sku}
GET /v1/slotting
GET /v1/returns
POST /v1/returns/{id}/grading
POST /v1/orders/{id}/cancellation
POST /v1/orders/{id}/release
GET /v1/orders/{id}/shipments
GET /v1/picks
POST /v1/picks
GET /v1/picks/{id}
POST /v1/picks/{id}/lines/{line}/confirmation
POST /v1/picks/{id}/lines/{line}/shortage
POST /v1/picks/{id}/sorting
GET /v1/cartons
POST /v1/cartons
GET /v1/cartons/{id}
GET /v1/cartons/{id}/label
GET /v1/cartons/{id}/slip
POST /v1/cartons/{id}/contents
POST /v1/cartons/{id}/unpacking
POST /v1/cartons/{id}/closing
POST /v1/cartons/{id}/reopening
POST /v1/cartons/{id}/cancellation
POST /v1/picks/{id}/lines/{line}/wrong-item
GET /v1/pick-errors
GET /v1/loads
POST /v1/loads
GET /v1/loads/{id}
PUT /v1/loads/{id}
POST /v1/loads/{id}/closing
GET /v1/adjustments
GET /v1/adjustments/{id}
POST /v1/adjustments/{id}/approval
POST /v1/scraps
GET /v1/transfers
POST /v1/transfers
GET /v1/transfers/{id}
POST /v1/transfers/{id}/shipment
POST /v1/transfers/{id}/closing
GET /v1/snapshots
POST /v1/snapshots
POST /v1/feeds
GET /v1/holdings
GET /v1/counts
POST /v1/counts
GET /v1/counts/{id}
POST /v1/counts/{id}/cancellation
POST /v1/counts/{id}/tasks/{task}/entry
POST /v1/counts/{id}/tasks/{task}/sweep
POST /v1/counts/{id}/tasks/{task}/approval
GET /v1/count-tasks
GET /v1/orders/{id}/proposal
GET /v1/picks/{id}/proposal
GET /v1/carriers
GET /v1/cartons/{id}/rates
POST /v1/cartons/{id}/parcel
POST /v1/cartons/{id}/parcel/void
GET /v1/cartons/{id}/parcel/label
GET /v1/cartons/{id}/tracking
GET /v1/manifests
POST /v1/handovers
GET /v1/queue
POST /v1/queue/next
POST /v1/queue/release
GET /v1/kpis
GET /v1/kpis/customers
GET /v1/kpis/classes
GET /v1/kpis/skus
GET /v1/kpis/orders
GET /v1/quarantine
POST /v1/quarantine/{id}/replay
GET /v1/gaps
GET /v1/ledger-heads
GET /v1/installation
GET /v1/findings
GET /v1/sites
PUT /v1/sites/{site}
GET /v1/gateways
GET /v1/telemetry
GET /v1/live
GET /livez
GET /readyz
GET /metrics`
  .trim()
  .split('\n');

const operations = (): [string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

/** The routes of Fastify's drawing of its tree, without HEAD, which every GET has. */
function routesOf(tree: string): string[] {
  const path: string[] = [];
  const routes: string[] = [];
  for (const line of tree.split('\n')) {
    const [, indent, part, methods] = /^([\s│]*)[├└]── (\S+) \((.+)\)$/.exec(line) ?? [];
    if (part === undefined) continue;
    path.length = indent!.length / 4;
    path.push(part);
    const url = path.join('').replaceAll(/:(\w+)/g, '{$1}');
    for (const method of methods!.split(', ')) if (method !== 'HEAD') routes.push(`${method} ${url}`);
  }
  return routes.toSorted();
}

describe('the OpenAPI document', () => {
  it('is a valid one of version 3.1', async () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const { valid, errors } = await new Validator().validate(
      structuredClone(document) as unknown as Record<string, unknown>,
    );
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it('has every route, and every route of the app is in it', async () => {
    expect(
      operations()
        .map(([route]) => route)
        .toSorted(),
    ).toEqual(ROUTES.toSorted());
    const hidden = /^GET \/(?:docs|assets|openapi\.json|$)/;
    expect(
      routesOf(service.api.app.printRoutes({ commonPrefix: false })).filter((route) => !hidden.test(route)),
    ).toEqual(ROUTES.toSorted());
  });

  it('says of every route what it is for, its parameters, what it answers, and that it may be a problem', () => {
    const tags = new Set(document.tags.map(({ name }) => name));
    for (const [route, { summary, tags: own, parameters = [], responses, requestBody }] of operations()) {
      expect([route, summary]).toEqual([route, expect.stringMatching(/^[A-Z].{10,}/)]);
      expect([route, own.every((tag) => tags.has(tag))]).toEqual([route, true]);
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect([route, parameters.filter((one) => one.in === 'path').map(({ name }) => name)]).toEqual([route, inPath]);
      expect([route, Object.keys(responses)]).toEqual([route, expect.arrayContaining(['200', 'default'])]);
      expect([route, responses['default']!.content]).toEqual([
        route,
        { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      ]);
      const isCommand = /^(?:POST|PUT|DELETE)/.test(route) && !route.includes('replay');
      expect([route, requestBody !== undefined]).toEqual([route, isCommand && !route.startsWith('DELETE')]);
      expect([route, parameters.some(({ name }) => name === 'idempotency-key')]).toEqual([route, isCommand]);
    }
  });

  it('names the filters of the contract, and `limit` and `cursor` on every list', () => {
    const named = (route: string) =>
      operations()
        .find(([name]) => name === route)![1]
        .parameters!.map(({ name }) => name);
    expect(named('GET /v1/stock')).toEqual(expect.arrayContaining(['site', 'location', 'sku', 'at', 'knownAt']));
    expect(named('GET /v1/movements')).toEqual(
      expect.arrayContaining(['site', 'epc', 'sku', 'location', 'type', 'from', 'to']),
    );
    expect(named('GET /v1/alerts')).toEqual(expect.arrayContaining(['site', 'kind', 'state', 'severity']));
    expect(named('GET /v1/passages')).toEqual(expect.arrayContaining(['readPoint', 'outcome']));
    for (const [route, { responses }] of operations()) {
      const properties = responses['200']!.content?.['application/json']?.schema.properties;
      if (properties === undefined || !('items' in properties)) continue;
      expect(Object.keys(properties).toSorted()).toEqual(['items', 'next']);
      expect(named(route)).toEqual(expect.arrayContaining(['limit', 'cursor']));
    }
  });

  it('says of the routes that answer no JSON what they answer', () => {
    const types = (route: string) =>
      Object.keys(operations().find(([name]) => name === route)![1].responses['200']!.content!);
    expect(types('GET /metrics')).toEqual(['text/plain']);
    expect(types('GET /v1/cartons/{id}/label')).toEqual(['application/pdf', 'application/zpl', 'image/svg+xml']);
    expect(types('GET /v1/live')).toEqual(['text/event-stream']);
    expect(types('GET /v1/labels.ndjson')).toEqual(['application/x-ndjson']);
  });

  it('lists every code of a problem with what it means', () => {
    const { code } = document.components.schemas['Problem']!.properties;
    expect(code!.enum).toEqual(Object.keys(CODES));
    for (const [name, { status, means }] of Object.entries(CODES))
      expect(code!.description).toContain(`\`${name}\` (${status}): ${means}`);
  });
});

describe('a time in a question', () => {
  it('is refused by name wherever it is none, or no year that there is', async () => {
    const routes = operations().flatMap(([route, { parameters = [] }]) => {
      const required = Object.fromEntries(
        parameters.filter((one) => one.in === 'query' && one.required).map(({ name }) => [name, 'T1']),
      );
      const [method, path] = route.split(' ') as [string, string];
      if (method !== 'GET' || path.includes('{')) return [];
      return parameters
        .filter(
          (one) =>
            one.in === 'query' &&
            (one.description?.includes('RFC 3339') === true || one.schema?.format === 'date-time'),
        )
        .flatMap(({ name }) => ['0000-01-01T00:00:00Z', 'yesterday'].map((time) => ({ path, required, name, time })));
    });
    expect(routes.length).toBeGreaterThan(20);
    for (const { path, required, name, time } of routes) {
      const answer = await service.get(path, { ...required, [name]: time });
      expect({ path, name, time, status: answer.status, detail: answer.body.detail as string }).toEqual({
        path,
        name,
        time,
        status: 400,
        detail: expect.stringMatching(new RegExp(`^${name}: `)) as string,
      });
    }
  });
});

describe('the page at /docs', () => {
  it('shows the document, and needs nothing from elsewhere', async () => {
    const page = await service.get('/docs/');
    expect(page).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/html/) as string });
    const links = [...(page.body as string).matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => /^(?:https?:)?\/\//.test(link))).toEqual([]);
    for (const link of links)
      expect([link, (await service.get(new URL(link, 'http://x/docs/').pathname)).status]).toEqual([link, 200]);
    expect((await service.get('/docs')).status).toBe(200);
    expect(done(await service.get('/docs/json'))).toEqual(document);
  });
});
