// How far a document, or a line of it, has come: a bar and the two numbers it is made of.
import type { InboundHead } from '../../api/types.ts';
import { Icon, type IconName } from '../../shared/Icon.tsx';
import { numberText } from '../../shared/text.ts';

const STATE: Readonly<Record<InboundHead['state'], { readonly text: string; readonly icon: IconName }>> = {
  expected: { text: 'expected', icon: 'clock' },
  receiving: { text: 'receiving', icon: 'in' },
  partial: { text: 'rest to come', icon: 'undecided' },
  received: { text: 'received', icon: 'tick' },
  cancelled: { text: 'cancelled', icon: 'cross' },
};

export const State = ({ state }: { readonly state: InboundHead['state'] }) => (
  <span class={`mark inbound-state inbound-${state}`}>
    <Icon name={STATE[state].icon} /> {STATE[state].text}
  </span>
);

export function Progress({ quantity, received }: { readonly quantity: number; readonly received: number }) {
  const share = quantity === 0 ? 0 : received / quantity;
  return (
    <p class="inbound-progress">
      <span class="inbound-bar" aria-hidden="true">
        <span class={share > 1 ? 'is-over' : ''} style={{ width: `${Math.min(1, share) * 100}%` }} />
      </span>
      <span>
        <b>{numberText(received)}</b> of {numberText(quantity)}
      </span>
    </p>
  );
}
