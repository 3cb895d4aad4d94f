// One field for what a person has in hand: an EPC leads to the item, anything else is a SKU to be found in the stock. A
// scanner that types what it reads works here too.
import { useRef } from 'preact/hooks';
import { go } from '../routing.ts';
import { Icon } from '../shared/Icon.tsx';

/** A GTIN has up to 14 digits, an EPC at least 16 hexadecimal ones. */
const EPC = /^[0-9a-f]{16,128}$/i;

export function Search() {
  const field = useRef<HTMLInputElement>(null);
  const find = (submitted: Event): void => {
    submitted.preventDefault();
    const text = field.current!.value.replaceAll(/\s/g, '');
    if (text === '') return;
    if (EPC.test(text)) go({ view: 'items', part: text.toUpperCase(), query: {} });
    else go({ view: 'stock', query: { sku: text } });
    field.current!.value = '';
    field.current!.blur();
  };
  return (
    <form class="search" role="search" onSubmit={find}>
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label="Find an item by EPC, or stock by SKU"
        placeholder="EPC or SKU"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="search"
      />
    </form>
  );
}
