// What stands where something else should be: it is coming, there is nothing, it failed.
import type { ComponentChildren } from 'preact';
import type { ApiFault } from '../api/client.ts';
import { Icon, type IconName } from './Icon.tsx';
import type { Loaded } from './useLoad.ts';

/** Takes the place of the lines that will come, so that nothing jumps. */
export const Loading = ({ lines = 6 }: { readonly lines?: number }) => (
  <div class="loading" role="status">
    <span class="off-screen">Loading</span>
    {Array.from({ length: lines }, (_, index) => (
      <span class="loading-line" key={index} />
    ))}
  </div>
);

interface EmptyProps {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
}

export const Empty = ({ icon = 'tick', title, children }: EmptyProps) => (
  <div class="empty">
    <Icon name={icon} />
    <p class="empty-title">{title}</p>
    {children !== undefined && <p class="empty-text">{children}</p>}
  </div>
);

interface FailedProps {
  readonly fault: ApiFault;
  readonly onRetry?: (() => void) | undefined;
}

export const Failed = ({ fault, onRetry }: FailedProps) => (
  <div class="failed" role="alert">
    <Icon name="discrepancies" />
    <div>
      <p class="failed-title">{fault.message}</p>
      <p class="failed-code">
        {fault.status === 0 ? '' : `${fault.status} · `}
        {fault.code}
        {fault.isPassing && ' · it is tried again by itself'}
      </p>
    </div>
    {onRetry !== undefined && (
      <button type="button" class="button" onClick={onRetry}>
        <Icon name="again" /> Try again
      </button>
    )}
  </div>
);

interface WhenProps<T> {
  readonly loaded: Loaded<T>;
  readonly lines?: number;
  readonly children: (value: T) => ComponentChildren;
}

/** The value once it is there; what was there before stays while it is loaded again, with a word when that failed. */
export function When<T>({ loaded, lines = 6, children }: WhenProps<T>) {
  const { value, fault, reload } = loaded;
  if (value === undefined)
    return fault === undefined ? <Loading lines={lines} /> : <Failed fault={fault} onRetry={reload} />;
  return (
    <>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {children(value)}
    </>
  );
}
