// One tag: where it is, since when, how sure, what it says of itself, and its life.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import type { Item, MovementJson } from '../api/types.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { href, route } from '../routing.ts';
import { ChangeStatus } from '../shared/ChangeStatus.tsx';
import { Copy, Epc } from '../shared/Epc.tsx';
import { Icon } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { sureText, wordsOf } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { useLoad } from '../shared/useLoad.ts';
import { usePages } from '../shared/usePages.ts';
import { ItemDiscrepancies, ItemPassages } from './item/related.tsx';
import { MovementTable } from './movements/MovementTable.tsx';

export function ItemPage() {
  const epc = route.value.part ?? '';
  if (epc === '') {
    return (
      <section class="page">
        <h1 tabIndex={-1}>Item</h1>
        <Empty icon="search" title="Which item?">
          Put an EPC into the field at the top, or follow one from the movements.
        </Empty>
      </section>
    );
  }
  return <Known epc={epc} key={epc} />;
}

function Known({ epc }: { readonly epc: string }) {
  const id = site.value!.site;
  const path = `/v1/items/${encodeURIComponent(epc)}`;
  const item = useLoad(`${id} ${epc}`, (signal) => get<Item>(path, { site: id }, signal));
  const history = usePages<MovementJson>(`${path}/history`, { site: id });
  const reloadItem = item.reload;
  const reloadHistory = history.reload;
  useEffect(
    () =>
      onLive(({ movement }) => {
        if (!movement.some((one) => one.epc === epc)) return;
        reloadItem();
        reloadHistory();
      }),
    [epc, reloadItem, reloadHistory],
  );
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <p class="page-kind">{item.value === undefined ? 'item' : wordsOf(item.value.kind)}</p>
        <h1 id="title" class="code item-epc" tabIndex={-1}>
          {epc} <Copy text={epc} what="EPC" />
        </h1>
      </header>
      {item.value !== undefined && <Whereabouts item={item.value} />}
      {item.value !== undefined && <Status item={item.value} onDone={reloadItem} />}
      {item.value === undefined && item.fault === undefined && <Loading lines={4} />}
      {item.fault?.status === 404 ? (
        <Empty icon="search" title="No movement of this tag is known">
          Its EPC may be mistyped, or it was read and never found to have moved.
        </Empty>
      ) : (
        item.fault !== undefined && <Failed fault={item.fault} onRetry={item.reload} />
      )}
      {(history.items?.length ?? 0) > 0 && (
        <>
          <h2>Its life</h2>
          <MovementTable rows={history.items!} label="Movements of this item" withoutEpc />
          <More {...history} shown={history.items!.length} what="movement" />
        </>
      )}
      <ItemDiscrepancies epc={epc} />
      <ItemPassages epc={epc} />
    </section>
  );
}

/** What is not here has no status to be changed. */
function Status({ item, onDone }: { readonly item: Item; readonly onDone: () => void }) {
  const [isOpen, setOpen] = useState(false);
  if (item.status === null || item.kind === 'container' || item.account !== item.location) return null;
  if (!isOpen)
    return (
      <div>
        <button type="button" class="button" onClick={() => setOpen(true)}>
          <Icon name="tick" /> Hold it, or release it…
        </button>
      </div>
    );
  const close = (): void => {
    setOpen(false);
    onDone();
  };
  return (
    <div class="sheet">
      <ChangeStatus of={{ epc: item.epc }} status={item.status} onClose={close} />
    </div>
  );
}

function Whereabouts({ item }: { readonly item: Item }) {
  const { identity } = item;
  return (
    <div class="item">
      <div class="board item-board">
        <p class="item-label">is at</p>
        <p class="item-place">{item.location}</p>
        <p class="item-since">
          since <Time at={item.since} ago />
        </p>
        <p class="item-sure">
          <b>{sureText(item.confidence)}</b> sure
        </p>
      </div>
      <dl class="facts">
        <Fact name="SKU" value={item.sku}>
          {item.sku !== null && (
            <a class="code" href={href({ view: 'stock', query: { sku: item.sku } })}>
              {item.sku}
            </a>
          )}
        </Fact>
        <Fact name="Status" value={item.status} />
        {item.account !== item.location && <Fact name="In the books" value={item.account} />}
        <Fact name="Lot" value={item.lot} />
        <Fact name="Owner" value={item.owner} />
        {item.container !== null && (
          <Fact name="Inside" value={item.container}>
            <Epc epc={item.container} />
          </Fact>
        )}
        {item.lastSeenAt !== null && (
          <Fact name="Last seen" value={item.lastSeenAt}>
            <Time at={item.lastSeenAt} ago />
            {item.lastSeenBy !== null && ` by ${item.lastSeenBy}`}
          </Fact>
        )}
        <Fact name="Scheme" value={identity.scheme} />
        <Fact name="GTIN" value={identity.gtin} code />
        <Fact name="Serial" value={identity.serial} code />
        <Fact name="SSCC" value={identity.sscc} code />
        <Fact name="URI" value={identity.uri} code />
      </dl>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string | null;
  readonly code?: boolean;
  readonly children?: preact.ComponentChildren;
}

/** What is not known is not listed. */
function Fact({ name, value, code = false, children }: FactProps) {
  if (value === null) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd class={code ? 'code' : undefined}>{children ?? value}</dd>
    </>
  );
}
