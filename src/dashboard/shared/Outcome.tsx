// What became of a passage, always as picture and word; colour only helps.
import type { Outcome as OutcomeName } from '../api/types.ts';
import { OUTCOMES } from '../api/types.ts';
import { Icon } from './Icon.tsx';
import { OUTCOME_TEXT } from './text.ts';

export const asOutcome = (text: string): OutcomeName => OUTCOMES.find((name) => name === text) ?? 'undecided';

export function Outcome({ outcome }: { readonly outcome: string }) {
  const name = asOutcome(outcome);
  return (
    <span class={`outcome outcome-${name}`}>
      <Icon name={name} />
      <span>{OUTCOME_TEXT[name]}</span>
    </span>
  );
}
