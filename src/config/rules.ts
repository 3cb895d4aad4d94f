// The numbers that decisions hang on. Defaults are here, `rules:` in tallygate.yaml overrides them for all sites,
// `rules:` in a site file for that site. They are journalled with the site, so a replay decides by the same ones.
import { Type, type Static, type TObject, type TSchema } from 'typebox';
import { ADJUSTMENT_CODES } from '../wire/adjusting.ts';
import { QUANTITY_MAX } from '../wire/commandFields.ts';
import { Id } from '../wire/id.ts';
import { PICK_METHODS } from '../wire/outbound.ts';
import { ROTATIONS } from '../wire/product.ts';
import { Milliseconds, Share, Strict } from './schema.ts';

export const PortalRules = Strict(
  {
    windowBeforeMs: Milliseconds('Reads up to this long before a supposed crossing speak for or against it.', 4000),
    windowAfterMs: Milliseconds('Reads up to this long after it do; the decision waits for them.', 2500),
    departAfterMs: Milliseconds('A tag not read for this long has left the portal: its sighting ends.', 8000),
    lingerMs: Milliseconds(
      'A tag that comes back within this time without having moved extends its last passage.',
      600_000,
    ),
    crossingOddsMin: Type.Number({
      default: 4,
      minimum: 0,
      maximum: 50,
      description: 'Log-odds that the pooled evidence of a portal must reach before a crossing is considered.',
    }),
    postAt: Share('A passage moves stock from this probability; below it a person decides.', 0.9),
    ignoreBelow: Share('Below this probability of having crossed, a tag was only heard.', 0.4),
    turnAboveDb: Type.Number({
      default: 3,
      minimum: 0,
      maximum: 40,
      description:
        'A tag that the far side hears this much stronger than usual, but that ends where it began, came to the door and turned back.',
    }),
  },
  { description: 'How passages through a portal are decided.' },
);

export const ZoneRules = Strict(
  {
    binMs: Milliseconds('Reads of a zone are weighed together in bins of this length.', 5000, {
      minimum: 2000,
      maximum: 60_000,
    }),
    enterOdds: Type.Number({
      default: 3,
      minimum: 0.5,
      maximum: 50,
      description: 'Evidence, in nats, that places a tag into a zone when no zone held it.',
    }),
    moveOdds: Type.Number({
      default: 13,
      minimum: 0.5,
      maximum: 50,
      description:
        'Evidence, in nats, that moves a tag from the zone that holds it to another: nats by which that is unlikely, and five to be sure.',
    }),
    holdMs: Milliseconds(
      'So long at least must another zone have heard a tag before it has moved there; `holdMs` of a read point for that one. A station takes at once.',
      20_000,
      { maximum: 3_600_000 },
    ),
    leakage: Share(
      'How often another zone catches a tag, as a share of how often its own reads it, until it is known of that tag.',
      0.3,
    ),
    binOddsMax: Type.Number({
      default: 2.5,
      minimum: 0.1,
      maximum: 20,
      description:
        'What one bin can weigh at most for a place, and as much against another: reads come in bursts and are not independent.',
    }),
  },
  { description: 'How presence in zones is decided.' },
);

const Days = (description: string, days: number) =>
  Type.Integer({ default: days, minimum: 1, maximum: 3650, description });

export const CountRules = Strict(
  {
    toleranceUnits: Type.Number({
      default: 0,
      minimum: 0,
      maximum: 1e9,
      description: 'A difference of a record up to so many units is posted without a second count.',
    }),
    toleranceValue: Type.Number({
      default: 0,
      minimum: 0,
      maximum: 1e9,
      description:
        'So is one worth so much at most, by the unit cost of the product in its currency, however many units it is; of a product without cost only units count.',
    }),
    recountOverValue: Type.Number({
      default: 1e9,
      minimum: 0,
      maximum: 1e9,
      description: 'A difference worth more is counted a second time, however few units it is.',
    }),
    everyDaysA: Days('Bins of class A are due when they were not counted for so long.', 30),
    everyDaysB: Days('Bins of class B.', 90),
    everyDaysC: Days('Bins of class C.', 365),
    missingBefore: Share(
      'How often a tag that the books have in a bin is not there, before anything speaks for or against it.',
      0.02,
    ),
    missingAt: Share(
      'A tag that a sweep did not read is taken as missing from this probability; below it the bin is swept again, or a person looks.',
      0.95,
    ),
  },
  { description: 'How bins are counted.' },
);

export const AdjustmentRules = Strict(
  {
    codes: Type.Array(Id, {
      default: [...ADJUSTMENT_CODES],
      minItems: 1,
      maxItems: 100,
      description: 'Codes of reasons that adjustments may have.',
    }),
    approveOverUnits: Type.Number({
      default: QUANTITY_MAX,
      minimum: 0,
      maximum: QUANTITY_MAX,
      description: 'An adjustment of more units waits until somebody else approves it; 0 for every one.',
    }),
  },
  { description: 'How people correct the books.' },
);

export const Rules = Strict(
  {
    reorderMs: Milliseconds('Reads may arrive this much out of order without any effect.', 500, { maximum: 60_000 }),
    lateMs: Milliseconds(
      'Reads up to this late re-open a decision; later ones are kept, reported and change nothing.',
      600_000,
      {
        maximum: 3_600_000,
      },
    ),
    settledAfterMs: Milliseconds(
      'What happened to a thing longer ago than this is settled: nothing that people say or gateways send late comes before it any more, and it rests in little memory. At least lateMs.',
      259_200_000,
      { maximum: 2_678_400_000 },
    ),
    clockToleranceMs: Milliseconds('A reader clock this far ahead or behind is taken as right.', 2000),
    inboundDocuments: Type.Boolean({
      default: false,
      description: 'The site receives against purchase orders or ship notices; what comes without one is blocked.',
    }),
    orders: Type.Boolean({
      default: false,
      description: 'The site picks and ships against orders; what leaves without one is an alert.',
    }),
    directed: Type.Boolean({
      default: false,
      description:
        'What comes in is directed to bins, and pick faces are refilled from reserve: tasks, by what the site file and the products say.',
    }),
    crossDock: Type.Boolean({
      default: true,
      description:
        'Of a site that is directed: what comes in and an order waits for goes at once to where orders are packed, and not to a bin.',
    }),
    knownPartners: Type.Boolean({
      default: false,
      description:
        'Only suppliers, customers and carriers that the site knows may be named by documents, orders and loads.',
    }),
    appointmentGraceMs: Milliseconds('A truck that comes so much after its appointment begins is not late.', 900_000, {
      maximum: 86_400_000,
    }),
    taskClaimMs: Milliseconds('Whoever claims a task has it for so long; then others may.', 900_000, {
      minimum: 10_000,
      maximum: 86_400_000,
    }),
    queueAgeMs: Milliseconds('Work that waits for a person has one priority more for every so long.', 14_400_000, {
      minimum: 60_000,
      maximum: 604_800_000,
    }),
    queueDueMs: Milliseconds(
      'Work that has to be out within the same stretch of so long is as urgent: who is nearest does it.',
      3_600_000,
      { minimum: 60_000, maximum: 604_800_000 },
    ),
    pickMethod: Type.Enum([...PICK_METHODS], {
      default: 'line',
      description:
        'How a release that does not say it groups what is to be picked: line, single, batch, cluster or zone.',
    }),
    pickRotation: Type.Enum([...ROTATIONS], {
      default: 'fefo',
      description:
        'Which bin goods are taken from first, where their product does not say it: fefo (what expires first, else lies there longest), fifo, lifo or nearest.',
    }),
    cartTotes: Type.Integer({
      default: 12,
      minimum: 1,
      maximum: 100,
      description: 'Totes that fit on one cart: a cluster of more orders is several lists.',
    }),
    loadOpenMs: Milliseconds(
      'Without loads: what comes back through a door within this time of leaving was not shipped.',
      14_400_000,
    ),
    portal: PortalRules,
    zone: ZoneRules,
    count: CountRules,
    adjustment: AdjustmentRules,
  },
  { description: 'Rules of decision.' },
);

export type Rules = Static<typeof Rules>;

/** The schema of `rules:` in a file: the same, with nothing required. */
export const RuleOverridesSchema: TSchema = loosened(Rules);

function loosened(schema: TObject): TSchema {
  const properties = Object.entries(schema.properties).map(([key, property]) => {
    const inner = 'properties' in property ? loosened(property as TObject) : property;
    return [key, Type.Optional(inner)] as const;
  });
  return Type.Object(Object.fromEntries(properties), { additionalProperties: false });
}

type Loose<T> = {
  readonly [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? Loose<T[K]> : T[K];
};
/** Rules as a file states them: whatever differs from the defaults. */
export type RuleOverrides = Loose<Rules>;

const defaultsOf = (schema: {
  properties: Record<string, { default?: unknown; properties?: unknown }>;
}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schema.properties).map(([key, property]) => [
      key,
      property.properties === undefined ? property.default : defaultsOf(property as Parameters<typeof defaultsOf>[0]),
    ]),
  );

export const defaultRules = defaultsOf(Rules as unknown as Parameters<typeof defaultsOf>[0]) as Rules;

/** The rules that hold when `overrides` are laid over the defaults, the last one on top. */
export function effectiveRules(...overrides: readonly (RuleOverrides | undefined)[]): Rules {
  let rules = defaultRules;
  for (const override of overrides) {
    if (override === undefined) continue;
    rules = {
      ...rules,
      ...(override as Partial<Rules>),
      portal: { ...rules.portal, ...override.portal },
      zone: { ...rules.zone, ...override.zone },
      count: { ...rules.count, ...override.count },
      adjustment: { ...rules.adjustment, ...override.adjustment },
    };
  }
  return rules;
}
