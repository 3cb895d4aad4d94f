// Inputs that keep what is being typed: what live data draws anew around one does not take it away. Such an input has no
// `value` but this ref; it shows another value only when there is another, as after a press on Clear or a step back.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export function useKept(value: string): RefObject<HTMLInputElement | null> {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    // Blanks at its ends do not count: whoever types "NAIL S" passes "NAIL ".
    if (input.current !== null && input.current.value.trim() !== value) input.current.value = value;
  }, [value]);
  return input;
}
