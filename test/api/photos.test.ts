// Photos of damage: kept with the line, as they were taken; what is no picture, or too large, is not.
import { deflateSync, crc32 } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { smallSite } from '../support/sites.ts';
import { done, expectProblem, say } from './doings.ts';
import { openService, type TestService } from './service.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1')] });
  const lines = [{ line: '1', sku: 'S1', quantity: 5 }];
  await say(service, '/v1/inbounds', { site: 'T1', id: 'ASN-1', document: 'notice', supplier: 'ACME', lines });
});

/** A picture of one grey pixel. */
function png(grey: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = chunk('IDAT', deflateSync(Buffer.from([0, grey])));
  return Buffer.concat([signature, chunk('IHDR', head), data, chunk('IEND', Buffer.alloc(0))]);
}
const take = (payload: Buffer, line = '1', type = 'image/png') =>
  service.ask({
    method: 'POST',
    url: '/v1/inbounds/ASN-1/photos',
    query: { site: 'T1', line, note: 'torn' },
    headers: { 'content-type': type, 'x-operator': 'ann' },
    payload,
  });

it('are kept once each, told with their line, and given back as they were', async () => {
  const first = done(await take(png(7))) as { id: string };
  expect(first).toMatchObject({ line: '1', mediaType: 'image/png', note: 'torn', by: 'ann', receipt: 0 });
  expect(done(await take(png(7)))).toEqual(first);
  done(await take(png(8)));
  const { photos } = done(await service.get('/v1/inbounds/ASN-1/photos')) as { photos: object[] };
  expect(photos).toHaveLength(2);
  const picture = await service.api.app.inject({ url: `/v1/inbounds/ASN-1/photos/${first.id}` });
  expect(picture.rawPayload.equals(png(7))).toBe(true);
  expect(picture.headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' });
});

it('that are no pictures, of no line, too large or too many are refused', async () => {
  expectProblem(await take(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), 422, 'bad-photo');
  expectProblem(await take(png(1), '9'), 404, 'not-found');
  expectProblem(await take(png(1), '1', 'image/svg+xml'), 415, 'unsupported-media-type');
  expectProblem(await take(Buffer.alloc(600_000, 1)), 413, 'too-large');
  for (let grey = 20; grey < 38; grey++) done(await take(png(grey)));
  expectProblem(await take(png(99)), 422, 'bad-photo');
});
