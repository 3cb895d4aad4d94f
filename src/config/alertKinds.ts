// The kinds of alerts and what may be configured of each: the table of what can be wrong. What makes one true, and what it
// says then, is the entry of the same name in src/watch/kinds; a kind without one does not compile.
import { Type, type Static, type TSchema } from 'typebox';
import { Milliseconds, Strict } from './schema.ts';
import { Id } from '../wire/id.ts';

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const Count = (description: string, count: number, minimum = 1) =>
  Type.Integer({ minimum, maximum: 1_000_000_000, default: count, description });
const Long = (description: string, ms: number) => Milliseconds(description, ms, { maximum: 90 * DAY_MS });

/** What every kind has, with the defaults of that kind. */
const rule = <P extends Record<string, TSchema>>(
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
const ofDiscrepancies = (does: string, severity: Severity) =>
  rule(does, { severity }, { openMin: Count('So many must be open at a place.', 1) });

export const Level = Strict({
  sku: Type.String({ minLength: 1, maxLength: 64 }),
  location: Type.Optional(Id),
  minimum: Type.Number({ minimum: 0, description: 'Below it is low stock, in units.' }),
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

export const AlertRules = Strict({
  'unexpected-presence': rule(
    'Something is where nobody expects it: it came in without a document that announces it, or was found in a closed location.',
    { severity: 'warning' },
    {
      openMin: Count('So many must be open at a place.', 1),
      closed: Type.Array(Id, { default: [], description: 'Locations in which nothing may be.' }),
    },
  ),
  'missed-exit': ofDiscrepancies('It came in although the books have it on site: an exit was not seen.', 'warning'),
  'missed-entry': ofDiscrepancies('It left although the books have it outside: an entry was not seen.', 'warning'),
  'negative-balance': ofDiscrepancies('More was taken from a location than the books had there.', 'warning'),
  'critical-discrepancy': ofDiscrepancies(
    'Any other discrepancy that the ledger itself calls critical: the wrong door, a load that should not have left.',
    'critical',
  ),
  phantom: rule(
    'An item is probably not where the books have it: its zone hears others and not it, or sweeps and pickers did not find it.',
    { severity: 'warning', escalateAfterMs: 0 },
    {
      probabilityMin: Type.Number({
        minimum: 0.3,
        maximum: 1,
        default: 0.9,
        description: 'How likely it must be that it is not there.',
      }),
    },
  ),
  'low-stock': rule(
    'Less of a SKU is available than its minimum in `levels`.',
    { severity: 'warning', clearAfterMs: 5 * MINUTE_MS, escalateAfterMs: 0 },
    {},
  ),
  'stock-out': rule(
    'Nothing is available of a SKU that has a minimum in `levels`.',
    { severity: 'critical', clearAfterMs: 5 * MINUTE_MS },
    {},
  ),
  imbalance: rule(
    'A SKU will not last at this site, or is below its minimum, while another site has it to spare: a transfer is proposed.',
    { severity: 'warning', clearAfterMs: 5 * MINUTE_MS, escalateAfterMs: 0 },
    {
      quantityMin: Type.Number({ minimum: 0, default: 1, description: 'A transfer of less is not worth it.' }),
      daysMin: Type.Number({
        minimum: 0,
        default: 7,
        description: 'Of a SKU without levels: it must last for so many days, by what was sent in 28 days.',
      }),
      daysTarget: Type.Number({ minimum: 0, default: 14, description: 'For so many days it is filled up.' }),
      daysSpare: Type.Number({ minimum: 0, default: 28, description: 'The site that gives keeps so many days.' }),
    },
  ),
  dwell: rule(
    'Items lie in a place of passage for too long.',
    { severity: 'warning' },
    {
      maxMs: Long('So long an item may lie there.', 8 * HOUR_MS),
      kinds: Type.Array(Type.String(), {
        default: ['dock', 'staging-in', 'staging-out', 'returns'],
        description: 'Kinds of locations that are places of passage.',
      }),
      itemsMin: Count('So many items must lie there too long.', 1),
    },
  ),
  'review-backlog': rule(
    'Undecided passages wait for a person: too many of them, or for too long.',
    { severity: 'warning' },
    { waitingMax: Count('So many may wait.', 50), oldestMs: Long('So long one may wait.', 4 * HOUR_MS) },
  ),
  'reader-silent': rule(
    'A reader is not heard any more, neither reads nor measures, while others of the site are.',
    { severity: 'warning' },
    {
      silentMs: Long('Not heard for so long.', 15 * MINUTE_MS),
      peersWithinMs: Long('Others must have been heard within this time.', 2 * MINUTE_MS),
      except: Type.Array(Id, { default: [], description: 'Readers that may be silent.' }),
    },
  ),
  installation: rule(
    'A fault of the installation that its reads show: an antenna dead, deaf or on the wrong side, tags read once, zones that are one.',
    { severity: 'warning', escalateAfterMs: 0 },
    {
      certaintyMin: Type.Number({ minimum: 0, maximum: 1, default: 0, description: 'Less certain ones are not told.' }),
    },
  ),
  'clock-off': rule(
    'The clock of a reader or gateway is so wrong that its times are corrected.',
    { severity: 'warning', escalateAfterMs: 0 },
    { offsetMaxMs: Long('Smaller corrections are not told.', 10_000) },
  ),
  'gateway-offline': rule(
    'A gateway has gone: its connection ended without a goodbye, or it said so.',
    { severity: 'critical' },
    {
      offlineMs: Long('Gone for so long.', MINUTE_MS),
      except: Type.Array(Id, { default: [], description: 'Gateways that may be gone: retired ones.' }),
    },
  ),
  'gateway-behind': rule(
    'A gateway is connected, but its outbox grows faster than it can be delivered.',
    { severity: 'warning' },
    { backlogMax: Count('Envelopes that may wait in its outbox.', 1000) },
  ),
  'sequence-gap': rule(
    'Envelopes of a gateway are missing: on their way still, or lost for good.',
    { severity: 'warning' },
    {
      lostWithinMs: Long('What was lost is told for so long.', DAY_MS),
      missingMin: Count('So many must be missing.', 1),
    },
  ),
  'quarantine-filling': rule(
    'Messages arrive that cannot be understood, many in a short time.',
    { severity: 'warning', clearAfterMs: 10 * MINUTE_MS },
    {
      windowMs: Long('Counted over so long.', 10 * MINUTE_MS),
      messagesMax: Count('So many may come in that time.', 20),
    },
  ),
  'journal-lag': rule(
    'The ledger is behind the journal: what it shows is not the present.',
    { severity: 'warning', escalateAfterMs: HOUR_MS },
    { rowsMax: Count('Journal rows that may wait.', 5000) },
  ),
  'ledger-differs': rule(
    'The last `tallygate verify` found a ledger that is not what the journal says.',
    { severity: 'critical' },
    {},
  ),
  'sensor-out-of-range': rule(
    'A measure is outside of its range: a cold room that gets warm.',
    { severity: 'critical', clearAfterMs: 5 * MINUTE_MS },
    {
      ranges: Type.Array(SensorRange, { default: [], description: 'The measures that have a range.' }),
      freshMs: Long('Older values say nothing about now.', 30 * MINUTE_MS),
    },
  ),
  'channel-failing': rule(
    'Alerts cannot be delivered to a channel; they wait and are tried again.',
    { severity: 'warning', escalateAfterMs: 0 },
    { failingMs: Long('Failing for so long.', 2 * MINUTE_MS) },
  ),
});
export type AlertRules = Static<typeof AlertRules>;
export type AlertKind = keyof AlertRules;
/** What every rule has. */
export type AlertRule = Pick<
  AlertRules['dwell'],
  'on' | 'severity' | 'clearAfterMs' | 'reopenWithinMs' | 'escalateAfterMs'
>;

export const ALERT_KINDS = Object.keys(AlertRules.properties) as readonly AlertKind[];
