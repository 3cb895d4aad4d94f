// Whether the service can do its work, as /readyz says it; and, by whether that answers at all, whether it is there.
import { signal } from '@preact/signals';
import { asFault, getAny, type ApiFault } from '../api/client.ts';
import type { Readiness } from '../api/types.ts';

const EVERY_MS = 10_000;
const WHEN_AMISS_MS = 3000;

export type Service =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ready'; readonly readiness: Readiness }
  | { readonly kind: 'not-ready'; readonly readiness: Readiness }
  | { readonly kind: 'away'; readonly fault: ApiFault };

export const service = signal<Service>({ kind: 'unknown' });

export function watchService(): void {
  const look = async (): Promise<void> => {
    service.value = await lookOnce();
    setTimeout(() => void look(), service.value.kind === 'ready' ? EVERY_MS : WHEN_AMISS_MS);
  };
  void look();
}

async function lookOnce(): Promise<Service> {
  try {
    const readiness = await getAny<Readiness>('/readyz');
    return { kind: readiness.status === 'ready' ? 'ready' : 'not-ready', readiness };
  } catch (error) {
    return { kind: 'away', fault: asFault(error) };
  }
}
