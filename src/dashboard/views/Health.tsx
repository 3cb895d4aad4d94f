// Whether it can do its work, and how it does it: the checks, the key figures, and what every stage made of what it got.
import type { Readiness } from '../api/types.ts';
import { service } from '../live/service.ts';
import { Icon } from '../shared/Icon.tsx';
import { Failed, Loading } from '../shared/states.tsx';
import { wordsOf } from '../shared/text.ts';
import { Installation } from './health/Installation.tsx';
import { Figures } from './health/Figures.tsx';
import { Stages } from './health/stages.tsx';
import { useMetrics } from './health/useMetrics.ts';

export function Health() {
  const { metrics, looks, fault } = useMetrics();
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Health
        </h1>
        <p class="page-note">
          The whole service, all sites. The same for machines: <a href="/readyz">/readyz</a>,{' '}
          <a href="/metrics">/metrics</a>.
        </p>
      </header>
      <Checks />
      <Installation />
      {fault !== undefined && <Failed fault={fault} />}
      <Figures looks={looks} />
      {metrics === undefined ? fault === undefined && <Loading lines={10} /> : <Stages metrics={metrics} />}
    </section>
  );
}

function Checks() {
  const present = service.value;
  if (present.kind === 'unknown') return <Loading lines={3} />;
  if (present.kind === 'away') return <Failed fault={present.fault} />;
  const isReady = present.kind === 'ready';
  return (
    <div class={isReady ? 'checks' : 'checks is-bad'}>
      <p class="checks-verdict">
        <Icon name={isReady ? 'tick' : 'discrepancies'} /> {isReady ? 'Ready' : 'Not ready'}
      </p>
      <CheckList readiness={present.readiness} />
    </div>
  );
}

const CheckList = ({ readiness }: { readonly readiness: Readiness }) => (
  <ul>
    {Object.entries(readiness.checks).map(([name, { ok, detail }]) => (
      <li key={name}>
        <Icon name={ok ? 'tick' : 'cross'} />
        <b>{wordsOf(name)}</b> <span class="off-screen">{ok ? 'passes' : 'fails'}:</span> {detail}
      </li>
    ))}
  </ul>
);
