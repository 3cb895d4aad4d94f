// A choice between lists; the choice is in the address.
import { go, withQuery } from '../routing.ts';

interface Props {
  readonly label: string;
  readonly name: string;
  readonly present: string;
  /** The first is what the address means when it says nothing. */
  readonly choices: readonly (readonly [value: string, text: string])[];
}

export const Tabs = ({ label, name, present, choices }: Props) => (
  <div class="tabs" role="group" aria-label={label}>
    {choices.map(([value, text], index) => (
      <button
        type="button"
        class="tab"
        aria-pressed={value === present}
        onClick={() => go(withQuery({ [name]: index === 0 ? undefined : value }))}
        key={value}
      >
        {text}
      </button>
    ))}
  </div>
);
