// What is wrong with the installation of each site and what to do about it, and how much each door hears of others.
import { useEffect } from 'preact/hooks';
import { get } from '../../api/client.ts';
import type { Door, Finding, Installation as SiteInstallation, Page } from '../../api/types.ts';
import { onLive } from '../../live/stream.ts';
import { Icon } from '../../shared/Icon.tsx';
import { When } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useLoad } from '../../shared/useLoad.ts';

const EVERY_MS = 15_000;

export function Installation() {
  const loaded = useLoad(
    'installation',
    (signal) => get<Page<SiteInstallation>>('/v1/installation', { limit: 1000 }, signal),
    EVERY_MS,
  );
  const { reload } = loaded;
  useEffect(() => onLive(({ finding }) => void (finding.length > 0 && reload())), [reload]);
  return (
    <section class="installation" aria-labelledby="installation">
      <h2 id="installation">Installation</h2>
      <p class="page-note">
        Antennas, readers and clocks, by what their reads show; about ten minutes behind, when nothing can change any
        more.
      </p>
      <When loaded={loaded}>
        {({ items }) => (
          <>
            {items.map((one) => (
              <Site installation={one} key={one.site} />
            ))}
          </>
        )}
      </When>
    </section>
  );
}

const Site = ({ installation: { site, findings, doors } }: { readonly installation: SiteInstallation }) => (
  <section class="sheet installation-site" tabIndex={0} aria-label={`Installation of ${site}`}>
    <h3>{site}</h3>
    {findings.length === 0 ? (
      <p class="mark">
        <Icon name="tick" /> nothing was found wrong
      </p>
    ) : (
      <ul class="findings">
        {findings.map((finding) => (
          <FindingItem finding={finding} key={finding.id} />
        ))}
      </ul>
    )}
    {doors.length > 0 && <DoorTable site={site} doors={doors} />}
  </section>
);

const FindingItem = ({ finding }: { readonly finding: Finding }) => (
  <li class={finding.severity === 'critical' ? 'finding is-critical' : 'finding'}>
    <p>
      <span class={finding.severity === 'critical' ? 'mark mark-bad' : 'mark'}>
        <Icon name={finding.severity === 'critical' ? 'cross' : 'discrepancies'} /> {finding.severity}
      </span>{' '}
      <b class="code">{finding.readPoint}:</b> {finding.seen}
    </p>
    <p>
      <b>Do:</b> {finding.advice}
    </p>
    <p class="page-note">
      since <Time at={finding.since} ago />, {Math.round(finding.certainty * 100)} % sure
    </p>
  </li>
);

const DoorTable = ({ site, doors }: { readonly site: string; readonly doors: readonly Door[] }) => (
  <table class="ledger door-strays" aria-label={`Strays at the doors of ${site}`}>
    <thead>
      <tr>
        <th scope="col">Door</th>
        <th scope="col" class="number" title="Tags heard here that went through another door, and their reads.">
          Strays, last hour
        </th>
        <th scope="col" class="number">
          last day
        </th>
        <th scope="col" class="number">
          last week
        </th>
        <th scope="col" class="number">
          Tags heard in the week
        </th>
      </tr>
    </thead>
    <tbody>
      {doors.map(({ readPoint, lastHour, lastDay, lastWeek }) => (
        <tr key={readPoint}>
          <td class="code">{readPoint}</td>
          {[lastHour, lastDay, lastWeek].map((span, index) => (
            <td class="number" key={index}>
              {shareText(span.strayTagShare)} of tags, {shareText(span.strayReadShare)} of reads
            </td>
          ))}
          <td class="number">{numberText(lastWeek.tags)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const shareText = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
