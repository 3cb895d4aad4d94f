// Who decides: asked where something is decided, remembered for the next time.
import { operator, setOperator } from './operator.ts';

export const OperatorField = () => (
  <label class="field">
    <span>Your name, for the record</span>
    <input
      value={operator.value}
      onInput={({ currentTarget }) => setOperator(currentTarget.value)}
      maxLength={64}
      autocomplete="name"
    />
  </label>
);
