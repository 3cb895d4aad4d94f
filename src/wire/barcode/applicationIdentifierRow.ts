// The shape of a row of the table of application identifiers, as far as we use what GS1's syntax dictionary says.
import type { RuleName } from './rules.ts';

/** A part of a value. Only the last of several may vary in length. */
export interface Component {
  /** N: digits, X: CSET 82, Y: CSET 39, Z: base64url. */
  readonly set: 'N' | 'X' | 'Y' | 'Z';
  readonly min: number;
  readonly max: number;
  /** May be missing, and everything behind it with it. */
  readonly optional?: true;
  readonly rules?: readonly RuleName[];
}

export interface ApplicationIdentifierRow {
  readonly ai: string;
  /** The last of a range whose first is `ai`. */
  readonly to?: string;
  readonly title?: string;
  /** Its length is known beforehand, so the next identifier follows without a separator. */
  readonly fixed?: true;
  /** May stand in the query of a Digital Link URI. */
  readonly attribute?: true;
  /** The key of a Digital Link URI: what may follow it in the path, in each order allowed. */
  readonly qualifiers?: readonly (readonly string[])[];
  readonly components: readonly Component[];
}
