// The reads that were weighed, and the ledger lines that came of it.
import type { Posting, Read } from '../../api/types.ts';
import { site, timeZone } from '../../live/sites.ts';
import { countText, numberText, shortEpc } from '../../shared/text.ts';
import { clockText, timeOf } from '../../shared/zone.ts';

/** More are folded away. */
const READS_OPEN_MAX = 12;

export const ReadList = ({ reads }: { readonly reads: readonly Read[] }) => (
  <>
    <h3>Reads that were weighed</h3>
    {reads.length === 0 ? (
      <p class="none">None: it does not rest on reads, or they are past their retention.</p>
    ) : (
      <details open={reads.length <= READS_OPEN_MAX}>
        <summary>{countText(reads.length, 'read')}</summary>
        <ReadTable reads={reads} />
      </details>
    )}
  </>
);

const ReadTable = ({ reads }: { readonly reads: readonly Read[] }) => (
  <table class="ledger" aria-label="Reads that were weighed">
    <thead>
      <tr>
        <th scope="col">Time</th>
        <th scope="col">Reader</th>
        <th scope="col" class="number">
          Antenna
        </th>
        <th scope="col">Side</th>
        <th scope="col" class="number">
          RSSI dBm
        </th>
        <th scope="col" class="number">
          Reads
        </th>
      </tr>
    </thead>
    <tbody>
      {reads.map((read, index) => (
        <tr key={index}>
          <td title={`${read.seenAt.replace('T', ' ').replace('Z', '')} UTC`}>
            {clockText(timeOf(read.seenAt), timeZone.value)}.{read.seenAt.slice(20, 23).padEnd(3, '0')}
          </td>
          <td class="code">{read.reader}</td>
          <td class="number">{read.antenna ?? '–'}</td>
          <td>{sideOf(read)}</td>
          <td class="number">{read.rssiDbm === undefined ? '–' : numberText(read.rssiDbm)}</td>
          <td class="number">{read.count ?? 1}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const sideOf = ({ reader, antenna }: Read): string =>
  site
    .value!.readPoints.flatMap(({ antennas }) => antennas)
    .find((one) => one.reader === reader && one.antenna === antenna)?.side ?? '–';

export const PostingTable = ({ postings }: { readonly postings: readonly Posting[] }) => (
  <table class="ledger" aria-label="Ledger lines">
    <thead>
      <tr>
        <th scope="col">Line</th>
        <th scope="col">SKU</th>
        <th scope="col">From</th>
        <th scope="col">To</th>
        <th scope="col" class="number">
          Quantity
        </th>
      </tr>
    </thead>
    <tbody>
      {postings.map(({ line, sku, from, to, quantity }) => (
        <tr key={line}>
          <td class="number">{line}</td>
          <td class="code">{sku}</td>
          <td>
            <Account account={from} />
          </td>
          <td>
            <Account account={to} />
          </td>
          <td class="number">{numberText(quantity)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Account = ({ account }: { readonly account: Readonly<Record<string, string>> }) => (
  <span class="account">
    <span class="code">{account['location']}</span>
    {account['status'] && <span class="account-more">{account['status']}</span>}
    {account['container'] && <span class="account-more">in {shortEpc(account['container'])}</span>}
  </span>
);
