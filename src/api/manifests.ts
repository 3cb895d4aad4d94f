// Lists for carriers: what is booked with one and was not handed over yet, as CSV.
import { Type } from 'typebox';
import { formatTime } from '../wire/time.ts';
import type { CartonRow } from './cartonJson.ts';
import type { App, Context } from './context.ts';
import { carrierOf, parcelFor } from './parcelOf.ts';
import { Problem } from './problem.ts';

/** What is to be handed over, as a list for the carrier: the first line has the names of the columns. */
export function manifestRoutes(app: App, context: Context): void {
  app.get(
    '/v1/manifests',
    {
      schema: {
        tags: ['parcels'],
        summary: 'What is booked with a carrier and was not handed over yet, as CSV',
        querystring: Type.Object({ site: Type.String(), carrier: Type.String() }),
        response: {
          200: { description: 'One line a carton.', content: { 'text/csv': { schema: Type.String() } } },
          default: Problem,
        },
      },
    },
    async ({ query: { site, carrier } }, reply) => {
      await context.catalogue.one(site);
      carrierOf(context, carrier);
      const { rows } = await context.pool.query<CartonRow & Record<string, unknown>>(
        `select * from carton where site = $1 and state = 'closed' and parcel ->> 'carrier' = $2 order by closed_at, sscc`,
        [site, carrier],
      );
      const lines: (string | number)[][] = [[...MANIFEST]];
      for (const row of rows) {
        const parcel = await parcelFor(context, row);
        lines.push([
          row.sscc,
          row.parcel!.tracking,
          row.parcel!.service ?? '',
          parcel.order,
          parcel.customer,
          parcel.shipTo ?? '',
          parcel.weightG ?? '',
          parcel.lengthMm ?? '',
          parcel.widthMm ?? '',
          parcel.heightMm ?? '',
          formatTime(row.parcel!.bookedAt),
        ]);
      }
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="manifest-${carrier}.csv"`)
        .send(`${lines.map((line) => line.map(cellOf).join(',')).join('\r\n')}\r\n` as never);
    },
  );
}

const MANIFEST = [
  'sscc',
  'tracking',
  'service',
  'order',
  'customer',
  'ship_to',
  'weight_g',
  'length_mm',
  'width_mm',
  'height_mm',
  'booked_at',
] as const;

/** RFC 4180; what a spreadsheet would take for a formula is text. */
function cellOf(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
