// Lists that live data changes stand still while somebody points at them or has the focus in them, so that nobody presses
// what has just moved away.
import { useRef, useState } from 'preact/hooks';

export interface Hold {
  readonly isHeld: boolean;
  /** For the element that holds. */
  readonly holding: {
    readonly onMouseEnter: () => void;
    readonly onMouseLeave: () => void;
    readonly onFocusIn: () => void;
    readonly onFocusOut: (left: FocusEvent) => void;
  };
}

export function useHold(): Hold {
  const [isHeld, setHeld] = useState(false);
  const by = useRef({ pointer: false, focus: false });
  const take = (change: Partial<{ pointer: boolean; focus: boolean }>): void => {
    Object.assign(by.current, change);
    setHeld(by.current.pointer || by.current.focus);
  };
  return {
    isHeld,
    holding: {
      onMouseEnter: () => take({ pointer: true }),
      onMouseLeave: () => take({ pointer: false }),
      onFocusIn: () => take({ focus: true }),
      onFocusOut: ({ currentTarget, relatedTarget }) =>
        take({ focus: relatedTarget instanceof Node && (currentTarget as Element).contains(relatedTarget) }),
    },
  };
}
