// Sites and gateways: what was loaded, loading a site file while running, and who speaks for the readers there.
import { beforeAll, describe, expect, it } from 'vitest';
import { epcOf, readEntries, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, pages } from './doings.ts';
import { openService, type TestService } from './service.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService();
});

const YAML = `site: Y1
name: Written by hand
timeZone: Europe/Brussels
locations:
  - { id: DOCK, kind: dock }
  - { id: A, kind: pick }      # the only aisle
readPoints:
  - id: DOOR
    kind: portal
    outside: world
    inside: DOCK
    antennas:
      - { reader: door, antenna: 1, side: outside }
      - { reader: door, antenna: 2, side: inside }
`;
const yaml = { 'content-type': 'application/yaml' };
const site = async (id: string) =>
  (done(await service.get('/v1/sites')).items as { site: string }[]).find((one) => one.site === id);

describe('a site file', () => {
  it('is loaded as it is written, and in force with the answer', async () => {
    done(await service.put('/v1/sites/Y1', YAML, yaml));
    expect(await site('Y1')).toEqual({
      site: 'Y1',
      name: 'Written by hand',
      kind: 'warehouse',
      training: false,
      timeZone: 'Europe/Brussels',
      locations: [
        { id: 'DOCK', kind: 'dock', in: null },
        { id: 'A', kind: 'pick', in: null },
      ],
      readPoints: [
        {
          id: 'DOOR',
          kind: 'portal',
          outside: 'world',
          inside: 'DOCK',
          location: null,
          antennas: [
            { reader: 'door', antenna: 1, side: 'outside' },
            { reader: 'door', antenna: 2, side: 'inside' },
          ],
        },
      ],
    });
    // A site that was not there a moment ago takes commands and reads.
    await found(service, 'NEW', 1, 'A', { site: 'Y1' });
    await service.deliver({ reads: readEntries([{ epc: epcOf(1), at: Date.now() }]) }, { site: 'Y1' });
    expect(done(await service.get('/v1/quarantine')).items).toEqual([]);
  });

  it('as JSON does as well, and replaces the one before', async () => {
    done(await service.put('/v1/sites/Y2', smallSite('Y2')));
    const smaller = { site: 'Y2', locations: [{ id: 'A', kind: 'pick' }] };
    done(await service.put('/v1/sites/Y2', smaller));
    expect(await site('Y2')).toMatchObject({ locations: [{ id: 'A' }], readPoints: [] });
    expectProblem(
      await service.post('/v1/adjustments', { site: 'Y2', sku: 'X', quantity: 1, location: 'B' }),
      422,
      'unknown-location',
    );
  });

  it('keeps every location at which the books have stock', async () => {
    done(await service.put('/v1/sites/Y5', smallSite('Y5')));
    await found(service, 'BOLTS', 18, 'DOCK', { site: 'Y5' });
    const smaller = { site: 'Y5', locations: [{ id: 'A', kind: 'pick' }] };
    const answer = await service.put('/v1/sites/Y5', smaller);
    expectProblem(answer, 409, 'location-in-use', /^locations: the books have 18 BOLTS at DOCK, /);
    expect(await site('Y5')).toMatchObject({ readPoints: expect.arrayContaining([expect.anything()]) as unknown[] });
    done(await service.post('/v1/movements', { site: 'Y5', sku: 'BOLTS', quantity: 18, from: 'DOCK', to: 'A' }));
    done(await service.put('/v1/sites/Y5', smaller));
    expect(await site('Y5')).toMatchObject({ locations: [{ id: 'A' }], readPoints: [] });
  });

  it('loaded under a key is loaded once', async () => {
    const key = { 'idempotency-key': 'load-1' };
    const answer = done(await service.put('/v1/sites/Y3', smallSite('Y3'), key));
    expect(done(await service.put('/v1/sites/Y3', smallSite('Y3'), key))).toEqual(answer);
    const renamed = { ...smallSite('Y3'), name: 'Another' };
    expectProblem(await service.put('/v1/sites/Y3', renamed, key), 409, 'key-reused');
  });

  it('with problems changes nothing, and is told every one of them with its line', async () => {
    const broken = YAML.replace('kind: dock', 'kind: harbour')
      .replace('inside: DOCK', 'inside: CELLAR')
      .replace('Y1', 'Y4');
    const answer = await service.put('/v1/sites/Y4', broken, yaml);
    expectProblem(answer, 422, 'bad-configuration');
    expect(answer.body.errors).toContainEqual({
      path: '/locations/0/kind',
      message: expect.stringMatching(/^line 5: must be one of dock/) as string,
    });
    const lost = await service.put(
      '/v1/sites/Y4',
      YAML.replace('inside: DOCK', 'inside: CELLAR').replace('Y1', 'Y4'),
      yaml,
    );
    expect(lost.body.errors).toMatchObject([
      { path: '/readPoints/0/inside', message: expect.stringMatching(/^line 11: .*CELLAR/) as string },
    ]);
    expect(await site('Y4')).toBeUndefined();
  });

  it('that is none is told so', async () => {
    const cases: readonly (readonly [string | undefined, RegExp])[] = [
      [undefined, /not a site/],
      ['', /not a site/],
      ['null', /not a site/],
      ['[1, 2]', /not a site/],
      ['site: [', /not valid YAML/],
      ['a: &a [*a]', /\w/],
      ['['.repeat(20_000), /\w/],
    ];
    for (const [text, detail] of cases)
      expectProblem(
        await service.put('/v1/sites/Y5', text, text === undefined ? {} : yaml),
        422,
        'bad-configuration',
        detail,
      );
  });

  it('about another site than the path, of another kind, or too large is refused', async () => {
    expectProblem(await service.put('/v1/sites/Z9', YAML, yaml), 422, 'bad-site', /is about Y1, the path about Z9/);
    const xml = await service.put('/v1/sites/Y1', '<site/>', { 'content-type': 'application/xml' });
    expectProblem(xml, 415, 'unsupported-media-type', /xml/);
    expectProblem(await service.put('/v1/sites/Y1', `# ${'x'.repeat(2_000_000)}`, yaml), 413, 'too-large');
  });
});

describe('the list of sites', () => {
  it('comes in pages', async () => {
    const all = done(await service.get('/v1/sites')).items as { site: string }[];
    expect(all.map((one) => one.site)).toEqual(['T1', 'Y1', 'Y2', 'Y3', 'Y5']);
    expect(await pages(service, '/v1/sites', { limit: 3 })).toEqual(all);
  });
});

describe('gateways', () => {
  it('are listed as they last spoke, and as they last said they are', async () => {
    await service.deliver({}, { gateway: 'gw-7' });
    const peer = await service.connect();
    await peer.untilAcknowledged(
      peer.publish('tallygate/v1/T1/gw-8/status', '{"online":true,"version":"1.0"}', { retain: true }),
    );
    const gateways = await eventually('the status of gw-8 is known', async () => {
      const items = done(await service.get('/v1/gateways', { site: 'T1' })).items as { gateway: string }[];
      return items.length === 2 && items;
    });
    expect(gateways).toEqual([
      {
        site: 'T1',
        gateway: 'gw-7',
        online: null,
        lastEnvelopeAt: expect.any(String) as string,
        statusAt: null,
        status: null,
      },
      {
        site: 'T1',
        gateway: 'gw-8',
        online: true,
        lastEnvelopeAt: null,
        statusAt: expect.any(String) as string,
        status: { online: true, version: '1.0' },
      },
    ]);
    expect(await pages(service, '/v1/gateways', { limit: 1 })).toEqual(done(await service.get('/v1/gateways')).items);
  });
});
