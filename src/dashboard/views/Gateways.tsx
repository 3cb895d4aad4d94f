// Gateways, as they last spoke.
import { get } from '../api/client.ts';
import type { Gateway, Page } from '../api/types.ts';
import { site } from '../live/sites.ts';
import { Icon } from '../shared/Icon.tsx';
import { Empty, When } from '../shared/states.tsx';
import { Time } from '../shared/Time.tsx';
import { useLoad } from '../shared/useLoad.ts';

const EVERY_MS = 5000;

export function Gateways() {
  const id = site.value!.site;
  const loaded = useLoad(id, (signal) => get<Page<Gateway>>('/v1/gateways', { site: id }, signal), EVERY_MS);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Gateways
        </h1>
        <p class="page-note">Each as it last spoke.</p>
      </header>
      <When loaded={loaded}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="gateways" title="No gateway has spoken yet">
              A gateway appears with its first envelope or status.
            </Empty>
          ) : (
            <ul class="cards">
              {items.map((gateway) => (
                <Card gateway={gateway} key={gateway.gateway} />
              ))}
            </ul>
          )
        }
      </When>
    </section>
  );
}

function Card({ gateway: { gateway, online, lastEnvelopeAt, statusAt, status } }: { readonly gateway: Gateway }) {
  const state = online === null ? 'never said' : online ? 'online' : 'offline';
  const facts = Object.entries(typeof status === 'object' && status !== null ? status : {}).filter(
    ([name]) => name !== 'online',
  );
  return (
    <li class="sheet card">
      <p class="card-head">
        <span class="card-kind code">{gateway}</span>
        <span class={online === false ? 'mark mark-bad' : 'mark'}>
          <Icon name={online === true ? 'tick' : online === false ? 'cross' : 'review'} /> {state}
        </span>
      </p>
      <dl class="facts">
        <dt>Last envelope</dt>
        <dd>{lastEnvelopeAt === null ? 'none yet' : <Time at={lastEnvelopeAt} ago />}</dd>
        <dt>Status changed</dt>
        <dd>{statusAt === null ? 'never' : <Time at={statusAt} ago />}</dd>
        {facts.map(([name, value]) => (
          <Pair name={name} value={value} key={name} />
        ))}
      </dl>
    </li>
  );
}

const Pair = ({ name, value }: { readonly name: string; readonly value: unknown }) => (
  <>
    <dt>{name}</dt>
    <dd class="code">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
  </>
);
