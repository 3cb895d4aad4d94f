// What the SKUs of a site are: packs, size, weight, cost, how each is stored; and files of them taken in.
import { useEffect, useState } from 'preact/hooks';
import type { Product } from '../api/goods.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { go, href, route, withQuery } from '../routing.ts';
import { Icon } from '../shared/Icon.tsx';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { numberText } from '../shared/text.ts';
import { usePages } from '../shared/usePages.ts';
import { Import } from './products/Import.tsx';
import { Slotting } from './products/Slotting.tsx';

export function Products() {
  const { part } = route.value;
  return part === 'import' ? <Import /> : part === 'slotting' ? <Slotting /> : <ProductList />;
}

function ProductList() {
  const { q = '' } = route.value.query;
  const list = usePages<Product>('/v1/products', { site: site.value!.site, q });
  const { items, fault, reload } = list;
  useEffect(
    () =>
      onLive(
        ({ product, dropped }) => (product.length > 0 || dropped.some(({ kind }) => kind === 'product')) && reload(),
      ),
    [reload],
  );
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Products
        </h1>
        <p class="page-note">What each SKU is: a scan of one of its GTINs counts the base units of that pack.</p>
      </header>
      <div class="filter-fields">
        <Search q={q} key={q} />
        <a class="button" href={href({ view: 'products', part: 'import', query: {} })}>
          <Icon name="inbounds" /> Import a file
        </a>
        <a class="button" href={href({ view: 'products', part: 'slotting', query: {} })}>
          <Icon name="stock" /> Classes and bins
        </a>
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && (
        <Empty icon="products" title={q === '' ? 'No product is known yet' : 'There is no such product'}>
          Import a file of them, or say them one by one (PUT /v1/products).
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card product={one} key={one.sku} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="product" />
    </section>
  );
}

function Search({ q }: { readonly q: string }) {
  const [text, setText] = useState(q);
  return (
    <form
      class="product-search"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        go(withQuery({ q: text.trim() === '' ? undefined : text.trim() }));
      }}
    >
      <label class="field">
        <span>SKU or name</span>
        <input type="search" value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
      </label>
      <button type="submit" class="button">
        <Icon name="search" /> Find
      </button>
    </form>
  );
}

const Card = ({ product }: { readonly product: Product }) => (
  <li class="sheet card product-card">
    <p class="card-head">
      <a class="card-kind code" href={href({ view: 'stock', query: { sku: product.sku } })}>
        {product.sku}
      </a>
      <span>{product.name}</span>
    </p>
    <p class="product-packs">
      <span class="mark">base unit {product.baseUnit}</span>
      {product.packs.map(({ unit, quantity, gtin }) => (
        <span class="mark" key={unit}>
          {unit}
          {quantity > 1 && ` of ${numberText(quantity)}`}
          {gtin !== undefined && <span class="code">{gtin}</span>}
        </span>
      ))}
    </p>
    <p class="card-facts">
      {factsOf(product).map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </p>
  </li>
);

const ROTATION = {
  fefo: 'what expires first is taken first',
  fifo: 'what lies longest is taken first',
  lifo: 'what came last is taken first',
  nearest: 'what is nearest is taken first',
} as const;

/** What is known of it, and nothing of what is not. */
function factsOf(product: Product): string[] {
  const { lengthMm, widthMm, heightMm, weightG, unitCost, currency, tracking, fixedBin, pickMinimum } = product;
  const sides = [lengthMm, widthMm, heightMm].filter((side) => side !== null);
  return [
    sides.length === 3 ? `${sides.map((side) => numberText(side)).join(' × ')} mm` : '',
    weightG === null ? '' : weightG >= 1000 ? `${numberText(weightG / 1000)} kg` : `${numberText(weightG)} g`,
    unitCost === null ? '' : `${numberText(unitCost)} ${currency ?? ''}`,
    tracking === 'none' ? '' : tracking === 'lot' ? 'by lot' : 'each by its tag',
    product.expires ? 'expires' : '',
    product.hazard === null ? '' : `hazard ${product.hazard}`,
    product.temperature ?? '',
    product.velocity === null ? '' : `velocity ${product.velocity}`,
    product.rotation === null ? '' : ROTATION[product.rotation],
    fixedBin === null
      ? ''
      : `bin ${fixedBin}${pickMinimum === null ? '' : `, refilled below ${numberText(pickMinimum)}`}`,
  ].filter((fact) => fact !== '');
}
