// What is said of a carton wherever it stands: its state, and how much of something.
import type { Carton } from '../../api/work.ts';
import { Icon, type IconName } from '../../shared/Icon.tsx';

const STATE: Readonly<Record<Carton['state'], { readonly text: string; readonly icon: IconName }>> = {
  open: { text: 'being packed', icon: 'packing' },
  closed: { text: 'closed', icon: 'tick' },
  shipped: { text: 'out', icon: 'out' },
  cancelled: { text: 'given up', icon: 'cross' },
};

export const CartonState = ({ carton: { state, isShort } }: { readonly carton: Carton }) => (
  <span class={`mark packing-${state}`}>
    <Icon name={STATE[state].icon} /> {STATE[state].text}
    {isShort && state === 'closed' && ', short'}
  </span>
);

export const sumOf = (all: readonly { readonly quantity: number }[]): number =>
  Math.round(all.reduce((sum, { quantity }) => sum + quantity, 0) * 10_000) / 10_000;
