// What could not be understood, kept with its bytes and the reason. Once the cause is mended it is replayed from here.
import type { Quarantined } from '../api/types.ts';
import { isOfSite } from '../live/openWork.ts';
import { site } from '../live/sites.ts';
import { route } from '../routing.ts';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { bytesText, countText, wordsOf } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { usePages } from '../shared/usePages.ts';
import { Replay } from './quarantine/Replay.tsx';

const STATES = [
  ['open', 'Open'],
  ['replayed', 'Replayed'],
  ['all', 'All'],
] as const;
const EVERY_MS = 10_000;

export function Quarantine() {
  const { state = 'open' } = route.value.query;
  const list = usePages<Quarantined>('/v1/quarantine', { state }, EVERY_MS);
  const { fault, reload } = list;
  const id = site.value!.site;
  const items = list.items?.filter((one) => isOfSite(one, id));
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Quarantine
        </h1>
        <p class="page-note">
          Messages that could not be understood. They were acknowledged, kept, and cost nothing else.
        </p>
      </header>
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={8} />}
      {items?.length === 0 && (
        <Empty title={state === 'open' ? 'Everything was understood' : 'Nothing here'}>
          A message that cannot be read appears here with its bytes and the reason.
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card one={one} onDone={reload} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="message" />
    </section>
  );
}

const Card = ({ one, onDone }: { readonly one: Quarantined; readonly onDone: () => void }) => (
  <li class="sheet card severity-warning">
    <p class="card-head">
      <span class="card-kind">{wordsOf(one.code)}</span>
      <Time at={one.receivedAt} ago />
      {one.times > 1 && (
        <span class="mark">
          {countText(one.times, 'time')}, last <Time at={one.lastAt} only />
        </span>
      )}
    </p>
    <p class="card-text">{one.reason}</p>
    <pre class="preview" tabIndex={0} aria-label="Its first characters">
      {one.preview === '' ? '(no bytes)' : one.preview}
    </pre>
    <p class="card-facts">
      <span class="code">{one.topic}</span>
      {one.seq !== null && <span>seq {one.seq}</span>}
      <span>{bytesText(one.length)}</span>
      <span class="code" title={one.sha256}>
        sha256 {one.sha256.slice(0, 12)}…
      </span>
    </p>
    {one.state === 'open' ? <Replay id={one.id} onDone={onDone} /> : <p class="card-settled">{wordsOf(one.state)}</p>}
  </li>
);
