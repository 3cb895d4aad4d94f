// How many, where leaving it out says something else than 1 or nothing: what is no number above 0 keeps the form from being sent, and the
// browser says why, in the way of its language (2,5 where that is how it is written).

/** Less than the smallest quantity that anything is counted in. */
const LEAST = 0.000001;

interface Props {
  readonly label: string;
  readonly value: string;
  /** What it is when nothing is said. */
  readonly placeholder: string;
  readonly onInput: (value: string) => void;
}

export function QuantityField({ label, value, placeholder, onInput }: Props) {
  return (
    <label class="field packing-quantity">
      <span>{label}</span>
      <input
        type="number"
        min={LEAST}
        step="any"
        inputMode="decimal"
        value={value}
        placeholder={placeholder}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
        autocomplete="off"
      />
    </label>
  );
}
