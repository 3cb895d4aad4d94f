// Photos of what came damaged, with the line of the document that it came on: small ones, of three types, told by their first bytes and not by what
// the sender calls them. They change nothing in the books, so they are kept beside the journal, and as long as it.
import { Type } from 'typebox';
import { contentId, sha256Hex } from '../kit/ids.ts';
import { formatTime } from '../wire/time.ts';
import { actorOf, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import type { InboundRow } from './inboundJson.ts';
import { Text } from './inboundJson.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { ApiFault, notFound, Problem } from './problem.ts';

export const PHOTO_BYTES_MAX = 524_288;
const PHOTOS_A_LINE_MAX = 20;
const TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
type MediaType = (typeof TYPES)[number];

const PhotoJson = Type.Object({
  id: Type.String(),
  line: Type.String(),
  receipt: Type.Integer({ description: 'With which receipt of the document it came.' }),
  mediaType: Type.Enum([...TYPES]),
  bytes: Type.Integer(),
  note: Text,
  by: Type.String(),
  takenAt: Type.String({ format: 'date-time' }),
});

interface PhotoRow extends Record<string, unknown> {
  readonly photo_id: string;
  readonly line: string;
  readonly receipt: number;
  readonly media_type: MediaType;
  readonly bytes: number;
  readonly note: string | null;
  readonly taken_by: string;
  readonly taken_at: number;
}

const photoJson = (row: PhotoRow) => ({
  id: row.photo_id,
  line: row.line,
  receipt: row.receipt,
  mediaType: row.media_type,
  bytes: row.bytes,
  note: row.note,
  by: row.taken_by,
  takenAt: formatTime(row.taken_at),
});

/** What the bytes are; undefined when they are no picture that browsers show. */
export function mediaTypeOf(content: Uint8Array): MediaType | undefined {
  const begins = (bytes: readonly number[], at = 0): boolean =>
    bytes.every((byte, index) => content[at + index] === byte);
  if (begins([0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (begins([0x52, 0x49, 0x46, 0x46]) && begins([0x57, 0x45, 0x42, 0x50], 8)) return 'image/webp';
  return undefined;
}

export function photoRoutes(app: App, context: Context): void {
  const { pool } = context;
  app.get(
    '/v1/inbounds/:id/photos',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'Photos of what came damaged, line by line',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: Type.Object({ photos: Type.Array(PhotoJson) }), default: Problem },
      },
    },
    async ({ params, query }) => {
      const { site, inbound } = await oneOf<InboundRow>(context, 'inbound', params.id, query.site);
      const { rows } = await pool.query<PhotoRow>({
        name: 'photos',
        text: `select photo_id, line, receipt, media_type, octet_length(content) as bytes, note, taken_by, taken_at
               from receipt_photo where site = $1 and inbound = $2 order by line, taken_at, photo_id`,
        values: [site, inbound],
      });
      return { photos: rows.map((row) => photoJson(row)) };
    },
  );

  app.get(
    '/v1/inbounds/:id/photos/:photo',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'One of them, as it was taken',
        params: Type.Object({ ...Path.properties, photo: Type.String({ format: 'uuid' }) }),
        querystring: Type.Object(SiteQuery),
        response: {
          200: {
            description: 'The picture.',
            content: Object.fromEntries(TYPES.map((type) => [type, { schema: Type.String() }])),
          },
          default: Problem,
        },
      },
    },
    async ({ params, query }, reply) => {
      const { site, inbound } = await oneOf<InboundRow>(context, 'inbound', params.id, query.site);
      const { rows } = await pool.query<{ media_type: MediaType; content: Buffer }>({
        name: 'one-photo',
        text: 'select media_type, content from receipt_photo where site = $1 and inbound = $2 and photo_id = $3',
        values: [site, inbound, params.photo],
      });
      const [row] = rows;
      if (row === undefined) throw notFound(`There is no photo ${params.photo} of ${inbound}.`);
      return reply
        .type(row.media_type)
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'")
        .header('cache-control', 'private, max-age=86400, immutable')
        .send(row.content);
    },
  );

  // A picture is taken as bytes.
  app.register(async (scope) => {
    const files = scope as unknown as App;
    files.removeAllContentTypeParsers();
    files.addContentTypeParser([...TYPES], { parseAs: 'buffer', bodyLimit: PHOTO_BYTES_MAX }, (_request, body, done) =>
      done(null, body),
    );
    takeRoute(files, context);
  });
}

function takeRoute(files: App, context: Context): void {
  const { pool } = context;
  files.post(
    '/v1/inbounds/:id/photos',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'Keep a photo of what came damaged with its line',
        description: `JPEG, PNG or WebP of at most ${PHOTO_BYTES_MAX} bytes, ${PHOTOS_A_LINE_MAX} a line. The same picture again is the same photo. Kept as long as the journal.`,
        params: Path,
        querystring: Type.Object({
          ...SiteQuery,
          line: Type.String({ minLength: 1, maxLength: 64, description: 'The line of the document.' }),
          note: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
        }),
        headers: KeyHeader,
        body: {
          content: Object.fromEntries(
            TYPES.map((type) => [type, { schema: Type.Unknown({ description: 'The picture.' }) }]),
          ),
        },
        response: { 200: PhotoJson, default: Problem },
      },
    },
    async (request) => {
      const { line, note } = request.query;
      const { site, inbound, receipts } = await oneOf<InboundRow>(
        context,
        'inbound',
        request.params.id,
        request.query.site,
      );
      const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const mediaType = mediaTypeOf(content);
      if (mediaType === undefined)
        throw new ApiFault(422, 'bad-photo', 'The body is no JPEG, PNG or WebP, whatever its content type says.');
      const { rows: known } = await pool.query<{ photos: number }>({
        name: 'photos-of-line',
        text: `select (select count(*)::integer from receipt_photo p where (p.site, p.inbound, p.line) = (l.site, l.inbound, l.line)) as photos
               from inbound_line l where l.site = $1 and l.inbound = $2 and l.line = $3`,
        values: [site, inbound, line],
      });
      if (known[0] === undefined) throw notFound(`${inbound} has no line ${line}.`);
      const id = contentId('photo', site, inbound, line, sha256Hex(content.toString('latin1')));
      if (known[0].photos >= PHOTOS_A_LINE_MAX)
        throw new ApiFault(422, 'bad-photo', `Line ${line} of ${inbound} has ${PHOTOS_A_LINE_MAX} photos already.`);
      await pool.query({
        name: 'take-photo',
        text: `insert into receipt_photo (site, photo_id, inbound, line, receipt, media_type, content, note, taken_by)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (site, photo_id) do nothing`,
        values: [site, id, inbound, line, receipts, mediaType, content, note ?? null, actorOf(request)],
      });
      const { rows } = await pool.query<PhotoRow>({
        name: 'taken-photo',
        text: `select photo_id, line, receipt, media_type, octet_length(content) as bytes, note, taken_by, taken_at
               from receipt_photo where site = $1 and photo_id = $2`,
        values: [site, id],
      });
      return photoJson(rows[0]!);
    },
  );
}
