// The site file: what a person writes about one site. The schema here checks it, its JSON Schema completes it in an
// editor, and its type is what the rest of the service knows. What a schema cannot say is checked in checkSite.ts.
import { Type, type Static } from 'typebox';
import { Calibration } from './calibration.ts';
import { SiteAlerts } from './alerts.ts';
import { RuleOverridesSchema, type RuleOverrides } from './rules.ts';
import { Id } from '../wire/id.ts';
import { ClassName } from '../wire/product.ts';
import { Strict } from './schema.ts';

export const SITE_KINDS = ['warehouse', '3pl', 'marketplace', 'store'] as const;
export const LOCATION_KINDS = [
  'dock',
  'staging-in',
  'staging-out',
  'reserve',
  'pick',
  'pack',
  'hold',
  'returns',
  'scrap',
  'yard',
] as const;
export type LocationKind = (typeof LOCATION_KINDS)[number];

/** Everything outside a site. */
export const WORLD = 'world';

/** Stock is also in places that are no place: these ids (and the prefixes) belong to the ledger. */
export const RESERVED_LOCATIONS: readonly string[] = [
  WORLD,
  'supplier',
  'customer',
  'adjustment',
  'unknown',
  'network',
];
export const RESERVED_PREFIXES: readonly string[] = ['outbound:', 'transit:'];
/** Is it a place that only the books know? */
export const isOffSite = (location: string): boolean =>
  RESERVED_LOCATIONS.includes(location) || RESERVED_PREFIXES.some((prefix) => location.startsWith(prefix));

const EpcPattern = Type.String({
  pattern: '^(?:[0-9A-Fa-f?]{1,128}\\*?|\\*)$',
  description: 'Hexadecimal EPC; ? stands for any digit, a * at the end for any rest.',
});

/** What may lie in a location together. */
export const MIXINGS = ['sku', 'lot', 'any'] as const;

export const SiteLocation = Strict({
  id: Id,
  kind: Type.Enum([...LOCATION_KINDS]),
  in: Type.Optional(Id),
  zone: Type.Optional(Type.Boolean({ description: 'A zone antenna stands for this location as a whole.' })),
  capacity: Type.Optional(Type.Number({ minimum: 0, description: 'Units it holds.' })),
  volumeL: Type.Optional(Type.Number({ minimum: 0, description: 'Litres it holds.' })),
  weightKg: Type.Optional(Type.Number({ minimum: 0, description: 'Kilograms it carries.' })),
  class: Type.Optional(Type.String({ maxLength: 8, description: 'Velocity class.' })),
  classes: Type.Optional(
    Type.Array(ClassName, { description: 'Velocity classes that may be stored here; any when left out.' }),
  ),
  hazards: Type.Optional(
    Type.Array(ClassName, { description: 'Hazard classes that may be stored here; none when left out.' }),
  ),
  temperature: Type.Optional(
    Type.String({
      ...ClassName,
      description: 'Only products of this temperature class are stored here, and they nowhere else.',
    }),
  ),
  pickZone: Type.Optional(
    Type.String({
      ...Id,
      description:
        'Part of the building that one person picks in; holds within it. When left out, the outermost location that it lies in.',
    }),
  ),
  mixing: Type.Optional(
    Type.Enum([...MIXINGS], {
      description: 'What may lie in it together: one SKU, one lot of one SKU, anything (when left out).',
    }),
  ),
  x: Type.Optional(Type.Number({ description: 'Metres.' })),
  y: Type.Optional(Type.Number({ description: 'Metres.' })),
});

const AntennaNumber = Type.Integer({
  minimum: 0,
  maximum: 255,
  description: '0 stands for a reader that does not say.',
});

const Portal = Strict({
  id: Id,
  kind: Type.Literal('portal'),
  outside: Id,
  inside: Id,
  neighbours: Type.Optional(Type.Array(Id, { description: 'Portals whose antennas may hear the same tags.' })),
  trigger: Type.Optional(Strict({ reader: Id, input: Type.Integer({ minimum: 0, maximum: 64 }) })),
  antennas: Type.Array(Strict({ reader: Id, antenna: AntennaNumber, side: Type.Enum(['outside', 'inside']) }), {
    minItems: 1,
  }),
  calibration: Type.Optional(Calibration),
});

const HoldMs = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: 3_600_000,
    description:
      'ms that it must have heard a tag, at least, before the tag has moved here from another place; rules say how long otherwise.',
  }),
);

const Zone = Strict({
  id: Id,
  kind: Type.Literal('zone'),
  location: Id,
  holdMs: HoldMs,
  antennas: Type.Array(Strict({ reader: Id, antenna: AntennaNumber }), { minItems: 1 }),
});

const Station = Strict({
  id: Id,
  kind: Type.Literal('station'),
  location: Id,
  device: Type.Optional(Id),
  holdMs: HoldMs,
  antennas: Type.Optional(Type.Array(Strict({ reader: Id, antenna: AntennaNumber }))),
});

export const SiteReadPoint = Type.Union([Portal, Zone, Station]);

export const SiteDevice = Strict({
  id: Id,
  format: Type.String({ description: 'zebra-iotc, impinj-iot, sparkplug-b, zigbee2mqtt, chirpstack or mapped.' }),
  topic: Type.String({
    minLength: 1,
    maxLength: 512,
    description: 'Exact topic; + for one level, # at the end for the rest.',
  }),
  mapping: Type.Optional(Type.Unknown({ description: 'For the format mapped: where things are in the payload.' })),
});

const Millimetres = Type.Integer({ minimum: 1, maximum: 10_000, description: 'Inside, mm.' });
const CartonType = Strict({
  id: Id,
  length: Millimetres,
  width: Millimetres,
  height: Millimetres,
  tare: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, description: 'What it weighs empty, g.' })),
  weightMax: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 2_000_000, description: 'What it may weigh with its content, g.' }),
  ),
});
export type CartonType = Static<typeof CartonType>;

const Packing = Strict(
  {
    companyPrefix: Type.String({
      pattern: '^[0-9]{6,12}$',
      description: 'GS1 company prefix, of which cartons get their SSCC.',
    }),
    extension: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 9, default: 0, description: 'First digit of the SSCC.' }),
    ),
    firstSerial: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 9_999_999_999,
        default: 1,
        description: 'Where it begins to count: sites that share a prefix and an extension begin far apart.',
      }),
    ),
    shipFrom: Type.Optional(
      Type.String({ maxLength: 200, description: 'Who sends it, on labels; lines by line breaks.' }),
    ),
    cartons: Type.Optional(Type.Array(CartonType, { maxItems: 50, description: 'Types of cartons that there are.' })),
  },
  { description: 'Cartons, their numbers and their labels.' },
);
export type Packing = Static<typeof Packing>;

const Delivery = {
  leadDays: Type.Optional(
    Type.Number({ minimum: 0, maximum: 365, default: 1, description: 'Days from an order to its customer.' }),
  ),
  cost: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1e9,
      default: 0,
      description: 'Of sending an order, in what all sites count in.',
    }),
  ),
  costPerUnit: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1e9, default: 0, description: 'Of sending one unit more.' }),
  ),
};
const Sourcing = Strict(
  {
    offers: Type.Optional(
      Type.Boolean({
        description:
          'Orders that name no site may be given to it; true when left out, but for a 3PL or marketplace that says nothing of sourcing.',
      }),
    ),
    ...Delivery,
    regions: Type.Optional(
      Type.Array(Strict({ region: Id, ...Delivery }), {
        maxItems: 500,
        description: 'Where it is otherwise, by the `region` that an order names.',
      }),
    ),
  },
  { description: 'What it takes to send orders from here: which site gets an order that names none.' },
);
export type Sourcing = Static<typeof Sourcing>;

export const SiteFile = Strict({
  site: Id,
  name: Type.Optional(Type.String({ maxLength: 200 })),
  kind: Type.Optional(Type.Enum([...SITE_KINDS], { default: 'warehouse' })),
  training: Type.Optional(
    Type.Boolean({
      description:
        'People practise here: it is marked everywhere, stays out of lists and figures across sites, tells no channel, and deals with no other site.',
    }),
  ),
  timeZone: Type.Optional(Type.String({ description: 'IANA name; UTC when left out.' })),
  locations: Type.Optional(Type.Array(SiteLocation)),
  readPoints: Type.Optional(Type.Array(SiteReadPoint)),
  devices: Type.Optional(Type.Array(SiteDevice)),
  skus: Type.Optional(
    Type.Array(
      Strict({
        sku: Type.String({ minLength: 1, maxLength: 64 }),
        epc: Type.Optional(EpcPattern),
        gtin: Type.Optional(Type.String({ pattern: '^[0-9]{8,14}$' })),
        fnsku: Type.Optional(
          Type.String({ minLength: 1, maxLength: 64, description: 'What a 3PL or marketplace calls it.' }),
        ),
        name: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      {
        description:
          'Which SKU a tag or a GTIN stands for; the first rule that matches holds. Without one a GTIN-14 is its own SKU.',
      },
    ),
  ),
  ignore: Type.Optional(
    Type.Array(Strict({ epc: EpcPattern, why: Type.Optional(Type.String({ maxLength: 200 })) }), {
      description: 'Tags that are no stock: badges, forklifts, other people’s pallets.',
    }),
  ),
  packing: Type.Optional(Packing),
  sourcing: Type.Optional(Sourcing),
  rules: Type.Optional(RuleOverridesSchema),
  alerts: Type.Optional(SiteAlerts),
});

type RawSiteFile = Static<typeof SiteFile>;
export type SiteFile = Omit<RawSiteFile, 'rules' | 'alerts'> & { rules?: RuleOverrides; alerts?: SiteAlerts };
export type SiteLocation = Static<typeof SiteLocation>;
export type SiteReadPoint = Static<typeof SiteReadPoint>;
export type SiteDevice = Static<typeof SiteDevice>;
export type PortalReadPoint = Static<typeof Portal>;
