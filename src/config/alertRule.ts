// What every rule of alerts has, and the pieces that rules are made of (alertKinds.ts).
import { Type, type Static, type TSchema } from 'typebox';
import { Milliseconds, Strict } from './schema.ts';
import { Id } from '../wire/id.ts';

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const Count = (description: string, count: number, minimum = 1) =>
  Type.Integer({ minimum, maximum: 1_000_000_000, default: count, description });
export const Long = (description: string, ms: number) => Milliseconds(description, ms, { maximum: 90 * DAY_MS });

/** What every kind has, with the defaults of that kind. */
export const rule = <P extends Record<string, TSchema>>(
  does: string,
  usual: { readonly severity: Severity; readonly clearAfterMs?: number; readonly escalateAfterMs?: number },
  limits: P,
) =>
  Strict(
    {
      on: Type.Boolean({ default: true, description: 'false switches the rule off; what is open of it is resolved.' }),
      severity: Type.Enum([...SEVERITIES], { default: usual.severity }),
      clearAfterMs: Long(
        'The cause must be gone for so long before the alert resolves itself; doubled with every re-opening.',
        usual.clearAfterMs ?? MINUTE_MS,
      ),
      reopenWithinMs: Long(
        'What comes up again within this time of having been resolved re-opens the same alert. So long, too, a cause that goes on stays quiet after a person has resolved it.',
        HOUR_MS,
      ),
      escalateAfterMs: Long(
        'Open and not acknowledged for so long, its severity rises by one step; 0: never.',
        usual.escalateAfterMs ?? (usual.severity === 'warning' ? 4 * HOUR_MS : 0),
      ),
      ...limits,
    },
    { description: does },
  );

/** A discrepancy of the ledger as an alert: one a place, for as long as one of them is open. */
export const ofDiscrepancies = (does: string, severity: Severity) =>
  rule(does, { severity }, { openMin: Count('So many must be open at a place.', 1) });

export const Level = Strict({
  sku: Type.String({ minLength: 1, maxLength: 64 }),
  location: Type.Optional(Id),
  minimum: Type.Number({ minimum: 0, description: 'Below it is low stock, in units.' }),
  leadDays: Type.Optional(
    Type.Number({ minimum: 0, maximum: 3650, description: 'How many days it takes to come once it is ordered.' }),
  ),
  target: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'What should be there; a site with more can give some away (the minimum when left out).',
    }),
  ),
});
export type Level = Static<typeof Level>;

export const SensorRange = Strict({
  measure: Type.String({ minLength: 1, maxLength: 100, description: 'Name of the measure: temperature.cold.' }),
  device: Type.Optional(Id),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  forMs: Type.Optional(Long('Out of range without a break for so long.', 10 * MINUTE_MS)),
});
export type SensorRange = Static<typeof SensorRange>;
