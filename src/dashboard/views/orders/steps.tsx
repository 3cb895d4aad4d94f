// How far an order, or a line of it, has come: a bar of what is out, picked, on lists and promised, and the numbers it is made of.
import type { OrderHead, OrderProgress } from '../../api/work.ts';
import { Icon, type IconName } from '../../shared/Icon.tsx';
import { numberText } from '../../shared/text.ts';

const STATE: Readonly<Record<OrderHead['state'], { readonly text: string; readonly icon: IconName }>> = {
  waiting: { text: 'waiting for stock', icon: 'clock' },
  partial: { text: 'promised in part', icon: 'undecided' },
  reserved: { text: 'promised', icon: 'stock' },
  picking: { text: 'picking', icon: 'movements' },
  picked: { text: 'picked', icon: 'tick' },
  shipped: { text: 'out', icon: 'out' },
  cancelled: { text: 'cancelled', icon: 'cross' },
};

export const OrderState = ({ state }: { readonly state: OrderHead['state'] }) => (
  <span class={`mark order-state order-${state}`}>
    <Icon name={STATE[state].icon} /> {STATE[state].text}
  </span>
);

/** What is furthest first, as on the way out. */
const STEPS = [
  ['shipped', 'out'],
  ['picked', 'picked'],
  ['planned', 'to pick'],
  ['reserved', 'promised'],
  ['backordered', 'waiting'],
] as const satisfies readonly (readonly [keyof OrderProgress, string])[];

export function Steps({ of }: { readonly of: OrderProgress }) {
  return (
    <div class="order-steps">
      <p class="order-bar" aria-hidden="true">
        {STEPS.slice(0, -1).map(([step]) => (
          <span
            class={`order-step-${step}`}
            style={{ width: `${of.quantity === 0 ? 0 : Math.min(100, (of[step] / of.quantity) * 100)}%` }}
            key={step}
          />
        ))}
      </p>
      <p class="order-numbers">
        {STEPS.filter(([step]) => of[step] > 0).map(([step, text]) => (
          <span class={step === 'backordered' ? 'is-waiting' : ''} key={step}>
            <b>{numberText(of[step])}</b> {text}
          </span>
        ))}
        <span>of {numberText(of.quantity)}</span>
      </p>
    </div>
  );
}
