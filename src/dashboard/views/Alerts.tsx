// What is wrong now: the worst first, how sure that is, what should be done, and who looks after it.
import { alerts } from '../live/openWork.ts';
import type { Alert } from '../api/types.ts';
import { site } from '../live/sites.ts';
import { go, href, route, withQuery } from '../routing.ts';
import { Icon, type IconName } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { sureText, wordsOf } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { usePages } from '../shared/usePages.ts';
import { Words } from '../shared/Words.tsx';
import { Act } from './alerts/Act.tsx';
import { Figures } from './alerts/Figures.tsx';
import { History } from './alerts/History.tsx';
import { viewOf } from './alerts/look.ts';
import { inOrder } from './alerts/order.ts';

const STATES = [
  ['present', 'Now'],
  ['resolved', 'Resolved'],
] as const;

export function Alerts() {
  const { state = 'present', kind } = route.value.query;
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Alerts
        </h1>
        <p class="page-note">What is wrong now, the worst first. Each ends by itself when its cause does.</p>
      </header>
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
        {kind !== undefined && (
          <button type="button" class="button" onClick={() => go(withQuery({ kind: undefined }))}>
            <Icon name="cross" /> {wordsOf(kind)}
          </button>
        )}
      </div>
      {state === 'resolved' ? <Resolved kind={kind} /> : <Present kind={kind} />}
    </section>
  );
}

/** Kept by the live stream: an alert is here a moment after it opened. */
function Present({ kind }: { readonly kind: string | undefined }) {
  const { items, fault, hasMore } = alerts.value;
  const shown = items && inOrder(kind === undefined ? items : items.filter((one) => one.kind === kind));
  return (
    <>
      {fault !== undefined && <Failed fault={fault} />}
      {shown === undefined && fault === undefined && <Loading lines={10} />}
      {shown?.length === 0 && (
        <Empty title="Nothing is wrong">
          {kind === undefined ? 'What goes wrong appears here by itself.' : `None of the kind ${wordsOf(kind)}.`}
        </Empty>
      )}
      <ul class="cards">
        {shown?.map((one) => (
          <Card alert={one} key={one.id} />
        ))}
      </ul>
      {hasMore && <p class="page-note">There are more than these: look after the worst first.</p>}
    </>
  );
}

function Resolved({ kind }: { readonly kind: string | undefined }) {
  const list = usePages<Alert>('/v1/alerts', { site: site.value!.site, state: 'resolved', kind });
  const { items, fault, reload } = list;
  return (
    <>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && <Empty title="Nothing was resolved yet">What was wrong once is kept here.</Empty>}
      <ul class="cards">
        {items?.map((one) => (
          <Card alert={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="alert" />
    </>
  );
}

const SEVERITY_ICON: Readonly<Record<Alert['severity'], IconName>> = {
  info: 'review',
  warning: 'discrepancies',
  critical: 'quarantine',
};

function Card({ alert }: { readonly alert: Alert }) {
  const { id, kind, severity, confidence, message, suggestion, evidence, look, times, openedAt, state } = alert;
  const isPointedAt = route.value.query['id'] === id;
  const evidenceView = viewOf(look);
  return (
    <li class={`sheet card alert severity-${severity}${isPointedAt ? ' is-pointed-at' : ''}`} data-alert={id}>
      <p class="card-head">
        <span class="severity">
          <Icon name={SEVERITY_ICON[severity]} /> {severity}
        </span>
        <a class="card-kind" href={href(withQuery({ kind }))}>
          {wordsOf(kind)}
        </a>
        <Time at={openedAt} ago />
      </p>
      <p class="card-text">
        <Words text={message} />
      </p>
      {state !== 'resolved' && (
        <p class="alert-todo">
          <Icon name="arrow" /> {suggestion}
        </p>
      )}
      <p class="card-facts">
        <span title="How sure the service is that it is so">
          {confidence >= 1 ? 'counted' : `${sureText(confidence)} sure`}
        </span>
        {times > 1 && <span>came up {times} times</span>}
        <State alert={alert} />
        {evidenceView !== undefined && <a href={evidenceView}>Evidence</a>}
      </p>
      <details class="alert-more">
        <summary>Why, and what happened</summary>
        <Figures evidence={evidence} />
        <History id={id} revision={alert.revision} />
      </details>
      {state !== 'resolved' && <Act alert={alert} />}
    </li>
  );
}

function State({ alert: { state, stateBy, stateAt, snoozedUntil, clearedAt } }: { readonly alert: Alert }) {
  if (state === 'acknowledged')
    return (
      <span>
        <Icon name="tick" /> {stateBy} looks after it
      </span>
    );
  if (state === 'snoozed' && snoozedUntil !== null)
    return (
      <span>
        <Icon name="clock" /> snoozed by {stateBy} until <Time at={snoozedUntil} />
      </span>
    );
  if (state === 'resolved')
    return (
      <span>
        <Icon name="tick" /> resolved by {stateBy} <Time at={stateAt} ago />
      </span>
    );
  return clearedAt === null ? null : (
    <span>
      its cause is gone since <Time at={clearedAt} />
    </span>
  );
}
