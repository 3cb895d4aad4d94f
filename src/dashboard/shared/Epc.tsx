// A tag: shortened, whole for whoever points at it, a link to its page, and a button that copies it.
import { useSignal } from '@preact/signals';
import { href } from '../routing.ts';
import { copyText } from './copy.ts';
import { Icon } from './Icon.tsx';
import { shortEpc } from './text.ts';

interface Props {
  readonly epc: string;
  readonly whole?: boolean;
}

export const Epc = ({ epc, whole = false }: Props) => (
  <span class="epc">
    <a href={href({ view: 'items', part: epc, query: {} })} title={epc} class="code">
      {whole ? epc : shortEpc(epc)}
    </a>
    <Copy text={epc} what="EPC" />
  </span>
);

const SHOWN_MS = 1500;

export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    isCopied.value = await copyText(text);
    setTimeout(() => (isCopied.value = false), SHOWN_MS);
  };
  return (
    <button
      type="button"
      class="copy"
      onClick={(pressed) => {
        pressed.stopPropagation();
        void copy();
      }}
      aria-label={isCopied.value ? `${what} copied` : `Copy ${what} ${shortEpc(text)}`}
      title={isCopied.value ? 'Copied' : `Copy ${what}`}
    >
      <Icon name={isCopied.value ? 'tick' : 'copy'} />
    </button>
  );
}
