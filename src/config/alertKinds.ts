// The kinds of alerts and what may be configured of each: the table of what can be wrong. What makes one true, and what it
// says then, is the entry of the same name in src/watch/kinds; a kind without one does not compile.
import { Type, type Static } from 'typebox';
import { Count, DAY_MS, HOUR_MS, Long, MINUTE_MS, ofDiscrepancies, rule, SensorRange } from './alertRule.ts';
import { Strict } from './schema.ts';
import { Id } from '../wire/id.ts';

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
  'wrong-door': ofDiscrepancies(
    'Something went out through the wrong door: its order is on a load at another door, and nothing is loaded at this one.',
    'critical',
  ),
  'wrong-load': ofDiscrepancies(
    'Something went onto the wrong truck: its order is on another load, or on none, and this one is loaded there.',
    'critical',
  ),
  'unplanned-ship': ofDiscrepancies(
    'Something went out that was not picked for any order, or for one that is cancelled.',
    'critical',
  ),
  'wrong-way': ofDiscrepancies(
    'Something crossed a door the other way than a document or list expects it to.',
    'warning',
  ),
  'critical-discrepancy': ofDiscrepancies('Any other discrepancy that the ledger itself calls critical.', 'critical'),
  'receipt-differs': ofDiscrepancies(
    'A receipt was closed with less or more than its document says, or came on the truck of another supplier.',
    'warning',
  ),
  phantom: rule(
    'An item is probably not where the books have it: its zone hears others and not it, or sweeps and pickers did not find it.',
    { severity: 'info', escalateAfterMs: 0 },
    {
      probabilityMin: Type.Number({
        minimum: 0.3,
        maximum: 1,
        default: 0.75,
        description:
          'How likely it must be that an item with a tag is not there: at 0.75 of four that are told three are missing.',
      }),
      warningMin: Type.Number({
        minimum: 0.3,
        maximum: 1,
        default: 0.9,
        description: 'As likely as so it is a warning, also where `severity` says less.',
      }),
      untaggedMin: Type.Number({
        minimum: 0.3,
        maximum: 1,
        default: 0.9,
        description:
          'How likely it must be of stock without tags that there is less than the books have: always a warning.',
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
  'stock-out-risk': rule(
    'A SKU will be out before more of it can be here: what is available and on its way lasts for less than its lead time, at the pace of the last 28 days.',
    { severity: 'warning', clearAfterMs: 5 * MINUTE_MS, escalateAfterMs: 0 },
    {
      leadDays: Type.Number({
        minimum: 0,
        maximum: 3650,
        default: 7,
        description:
          'How long it takes from ordering to having it, where neither `leadDays` of its level says so nor two purchase orders of a year have shown it.',
      }),
      shippedMin: Type.Number({ minimum: 0, default: 1, description: 'Units sent to customers in 28 days, at least.' }),
      coverDays: Type.Number({
        minimum: 0,
        default: 14,
        description: 'So many days beyond the lead time are proposed to be ordered.',
      }),
    },
  ),
  expiry: rule(
    'A lot on hand will soon be past its day, or is.',
    { severity: 'warning', clearAfterMs: 5 * MINUTE_MS, escalateAfterMs: 0 },
    {
      withinDays: Type.Number({ minimum: 0, maximum: 3650, default: 14, description: 'Told so many days before.' }),
      unitsMin: Type.Number({ minimum: 0, default: 1, description: 'Of so many units at least.' }),
    },
  ),
  'count-overdue': rule(
    'Bins of a class were not counted for longer than `rules.count` wants, or a planned count waits.',
    { severity: 'info', clearAfterMs: 5 * MINUTE_MS, escalateAfterMs: 0 },
    {
      graceDays: Type.Number({ minimum: 0, maximum: 3650, default: 7, description: 'Later than due by so many days.' }),
      waitingMs: Long('A planned bin waits for so long to be counted.', 2 * DAY_MS),
      binsMin: Count('So many bins.', 1),
    },
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
  'truck-late': rule(
    'A truck has not come to its appointment at a door. Over when it is here, when the appointment is moved or cancelled, or a day after its time.',
    { severity: 'warning', escalateAfterMs: 0 },
    {
      lateMs: Long('Later than `rules.appointmentGraceMs` of the site by so much.', 0),
      toldForMs: Long('So long after the appointment was to be over nobody waits for the truck any more.', DAY_MS),
    },
  ),
  'cut-off': rule(
    'Cartons that are booked with a carrier have not been handed over, and it takes them only for a short time still, or no more.',
    { severity: 'warning', escalateAfterMs: 0 },
    {
      beforeMs: Long('So long before the time until which the carrier takes them.', 30 * MINUTE_MS),
      cartonsMin: Count('So many cartons of a carrier.', 1),
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
  'reader-hot': rule(
    'A reader is hotter than it should be, by its own heartbeats.',
    { severity: 'warning', clearAfterMs: 5 * MINUTE_MS },
    {
      ranges: Type.Array(SensorRange, {
        default: [
          { measure: 'temperature.pa', max: 80 },
          { measure: 'temperature.ambient', max: 65 },
        ],
        description: 'Measures of readers, and how hot is too hot.',
      }),
      freshMs: Long('Older values say nothing about now.', 30 * MINUTE_MS),
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
