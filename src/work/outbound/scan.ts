// What somebody at a bin or a bench has scanned: the label of a place, a tag, or a barcode of goods.
import { scannedAs } from '../../infer/item.ts';
import type { WorkRequest } from '../../infer/planner.ts';
import { parseScan } from '../../wire/barcode/parseScan.ts';
import { identityOf } from '../../wire/epc/digitalLink.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import { refused } from '../requests.ts';

export type Scanned =
  | { readonly kind: 'place'; readonly location: string }
  | { readonly kind: 'tag'; readonly epc: string }
  | {
      readonly kind: 'goods';
      /** Undefined for a code that names no goods, as that of a container. */
      readonly sku: string | undefined;
      readonly lot: string | undefined;
      readonly expiry: string | undefined;
      /** In base units: of a code of a case, what a case holds. */
      readonly quantity: number;
    };

/** What it is, or why it is nothing. A barcode with a serial number stands for the tag that is called so. */
export function scannedOf(text: string, { plan, book, at, epcOf }: WorkRequest): Scanned | ReturnType<typeof refused> {
  const scan = text.trim();
  const label = /^\][A-Za-z]\d/.test(scan) ? scan.slice(3) : scan;
  if (plan.locations.has(label)) return { kind: 'place', location: label };
  if (/^(?:[\dA-Fa-f]{2}){8,}$/.test(scan) && (scan.length >= 24 || book.items.has(identify(scan).epc)))
    return { kind: 'tag', epc: identify(scan).epc };
  const parsed = parseScan(scan, at);
  if (parsed.kind === 'text' || parsed.kind === 'bad')
    return refused(
      'bad-scan',
      `scan: ${JSON.stringify(scan.slice(0, 80))} is no tag, no GS1 barcode and no location of ${plan.site}.`,
    );
  if (parsed.kind === 'gs1') {
    const identity = identityOf(parsed);
    const epc = identity === undefined ? undefined : epcOf(identity);
    if (epc !== undefined) return { kind: 'tag', epc };
    if (identity !== undefined)
      return refused('unknown-item', 'scan: that item was never read or received here: put it aside.');
  }
  const { gtin14 } = parsed;
  const { lot, expiry, quantity } =
    parsed.kind === 'gs1' ? parsed : { lot: undefined, expiry: undefined, quantity: undefined };
  const named = gtin14 === undefined ? undefined : scannedAs(plan, book.packOf, gtin14);
  return { kind: 'goods', sku: named?.sku, lot, expiry, quantity: (quantity ?? 1) * (named?.quantity ?? 1) };
}
