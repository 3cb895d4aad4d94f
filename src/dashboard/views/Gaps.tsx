// What never arrived: holes in what gateways sent, which may still fill, and what they say is lost.
import { get } from '../api/client.ts';
import type { Gap, Page } from '../api/types.ts';
import { site } from '../live/sites.ts';
import { Icon } from '../shared/Icon.tsx';
import { Empty, When } from '../shared/states.tsx';
import { numberText } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { useLoad } from '../shared/useLoad.ts';

const EVERY_MS = 10_000;
const SHOWN = 500;

export function Gaps() {
  const id = site.value!.site;
  const loaded = useLoad(id, (signal) => get<Page<Gap>>('/v1/gaps', { site: id, limit: SHOWN }, signal), EVERY_MS);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Gaps
        </h1>
        <p class="page-note">What never arrived. An open gap may still fill; what is lost will not come.</p>
      </header>
      <When loaded={loaded}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nothing is missing">Every envelope that a gateway numbered has arrived.</Empty>
          ) : (
            <GapTable gaps={items} />
          )
        }
      </When>
    </section>
  );
}

const GapTable = ({ gaps }: { readonly gaps: readonly Gap[] }) => (
  <table class="ledger gaps" aria-label="Gaps">
    <thead>
      <tr>
        <th scope="col">Noticed</th>
        <th scope="col">Gateway</th>
        <th scope="col">State</th>
        <th scope="col">What</th>
        <th scope="col" class="number">
          Missing
        </th>
      </tr>
    </thead>
    <tbody>
      {gaps.map((gap) => (
        <tr key={`${gap.gateway} ${gap.epoch ?? ''} ${gap.fromSeq ?? gap.fromAt ?? ''} ${gap.noticedAt ?? ''}`}>
          <td class="cell-time">{gap.noticedAt === null ? '–' : <Time at={gap.noticedAt} ago />}</td>
          <td class="cell-gateway code" title={gap.epoch === null ? undefined : `epoch ${gap.epoch}`}>
            {gap.gateway}
          </td>
          <td class="cell-state">
            <span class={gap.state === 'lost' ? 'mark mark-bad' : 'mark'}>
              <Icon name={gap.state === 'lost' ? 'cross' : 'clock'} />{' '}
              {gap.state === 'lost' ? 'lost' : 'may still come'}
            </span>
          </td>
          <td class="cell-what">
            {gap.fromSeq !== null && (
              <span>
                seq {numberText(gap.fromSeq)}
                {gap.toSeq !== gap.fromSeq && gap.toSeq !== null && ` to ${numberText(gap.toSeq)}`}
              </span>
            )}
            {gap.fromAt !== null && gap.toAt !== null && (
              <span>
                <Time at={gap.fromAt} /> to <Time at={gap.toAt} />
              </span>
            )}
          </td>
          <td class="cell-missing number">{numberText(gap.lost)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
