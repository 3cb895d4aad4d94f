// Why: laid beside whatever is looked at, for what the address asks about. Escape and the back button close it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { go, withQuery } from '../routing.ts';
import { Icon } from '../shared/Icon.tsx';

const close = (): void => go(withQuery({ why: undefined, passage: undefined }));

export function Evidence({ children }: { readonly children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const asker = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') close();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      if (asker instanceof HTMLElement && asker.isConnected) asker.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside class="evidence" aria-labelledby="evidence-title">
      <header class="evidence-head">
        <h2 id="evidence-title" tabIndex={-1} ref={heading}>
          Why?
        </h2>
        <button type="button" class="close" onClick={close} aria-label="Close the evidence">
          <Icon name="cross" />
        </button>
      </header>
      {children}
    </aside>
  );
}
