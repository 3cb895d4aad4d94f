// A row of a file of partners: what it says of one supplier, customer or carrier. What the file has no column for stays as it is known.
import { PARTNER_KINDS, type PartnerDocument } from '../../wire/partner.ts';
import { PARTNERS_MAX } from '../partners/decide.ts';
import { partnerOf, type Partners } from '../partners/partners.ts';
import { neededText, numberIn, textIn, wordIn, wrong, type Cells } from './cells.ts';

/** The partner that the row says; undefined when the row is wrong, which its cells have noted. */
export function partnerOfRow(cells: Cells, partners: Partners): PartnerDocument | undefined {
  const has = (column: string): boolean => column in cells.row.cells;
  const of = neededText(cells, 'kind') === undefined ? undefined : wordIn(cells, 'kind', PARTNER_KINDS);
  const partner = neededText(cells, 'partner');
  const before = of === undefined || partner === undefined ? undefined : partnerOf(partners, of, partner);
  const name = has('name') ? textIn(cells, 'name', 200) : before?.name;
  const address = has('address') ? textIn(cells, 'address', 300) : before?.address;
  const tolerance = has('tolerance') ? numberIn(cells, 'tolerance', { isAboveZero: false, max: 1 }) : before?.tolerance;
  if (before === undefined && partners.byKey.size >= PARTNERS_MAX)
    wrong(
      cells,
      'partner',
      'too-many-partners',
      `${PARTNERS_MAX} partners are known: drop those that nobody deals with any more.`,
    );
  if (of === undefined || partner === undefined || cells.faults.length > 0) return undefined;
  return {
    of,
    partner,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(address === undefined ? {} : { address }),
    ...(tolerance === undefined ? {} : { tolerance }),
  };
}
