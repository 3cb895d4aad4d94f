// `carriers:` in tallygate.yaml: who takes parcels. One that has an API of its own is described by its requests and by where its answers
// have what we need, so that another carrier is another entry and no code.
import { Type } from 'typebox';
import { Id } from '../wire/id.ts';
import { Strict } from './schema.ts';

/** What may stand in braces in a URL, a header or a body; numbers stay numbers where they are all of a text. */
export const PLACEHOLDERS = [
  'carton',
  'order',
  'customer',
  'shipTo',
  'shipFrom',
  'weightG',
  'weightKg',
  'lengthMm',
  'widthMm',
  'heightMm',
  'service',
  'tracking',
  'secret',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const Where = (description: string) =>
  Type.String({
    minLength: 1,
    maxLength: 200,
    description: `${description}: names and positions with dots between them, as data.0.id.`,
  });

const Ask = (what: string, answer: Record<string, ReturnType<typeof Where> | ReturnType<typeof Type.Optional>>) =>
  Strict(
    {
      method: Type.Optional(Type.Enum(['GET', 'POST', 'PUT', 'DELETE'], { default: 'POST' })),
      url: Type.String({
        pattern: '^https?://',
        description: `Placeholders in braces: {${PLACEHOLDERS.join('}, {')}}.`,
      }),
      body: Type.Optional(Type.Unsafe<unknown>({ description: 'JSON with placeholders; none when left out.' })),
      ...(Object.keys(answer).length === 0
        ? {}
        : { answer: Strict(answer, { description: 'Where the answer has it.' }) }),
    },
    { description: what },
  );

const CutOff = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  description: 'Until when it takes what leaves on that day, `HH:MM` by the clock of the site.',
});
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When a carrier comes, and what it offers. */
export interface Collection {
  readonly cutOff?: string;
  readonly days?: readonly Weekday[];
  readonly services?: readonly { readonly id: string; readonly cutOff?: string }[];
}

/** What else there must be of a kind, `checkCarriers` says. */
export const CarrierFile = Strict({
  id: Id,
  kind: Type.Enum(['manual', 'manifest', 'rest'], {
    description:
      '`manual`: somebody books it elsewhere and types the number; `manifest`: the carrier is given a list (CSV), our SSCC is the number; `rest`: the carrier has an API, which the other fields describe.',
  }),
  cutOff: Type.Optional(CutOff),
  days: Type.Optional(
    Type.Array(Type.Enum([...WEEKDAYS]), {
      minItems: 1,
      description: 'Days on which it comes; every day when left out.',
    }),
  ),
  services: Type.Optional(
    Type.Array(
      Strict({
        id: Type.String({ minLength: 1, maxLength: 100, description: 'As the carrier calls it.' }),
        cutOff: Type.Optional(CutOff),
      }),
      { minItems: 1, maxItems: 100, description: 'What it offers: nothing else is booked; anything when left out.' },
    ),
  ),
  secretVariable: Type.Optional(
    Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$', description: 'Environment variable that {secret} stands for.' }),
  ),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'With every request: authorization: "Bearer {secret}".' }),
  ),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 60_000, default: 10_000 })),
  rates: Type.Optional(
    Ask('What it would cost.', {
      rates: Where('The list; the others are within one of it'),
      service: Where('What the service is called'),
      price: Where('The price'),
      currency: Type.Optional(Where('Its currency')),
    }),
  ),
  label: Type.Optional(
    Ask('Books it.', {
      tracking: Where('The number of the parcel'),
      label: Type.Optional(Where('The label, base64')),
      mediaType: Type.Optional(Where('What the label is; application/pdf when left out')),
    }),
  ),
  tracking: Type.Optional(
    Ask('Where it is.', { status: Where('What the carrier says'), at: Type.Optional(Where('Since when')) }),
  ),
  void: Type.Optional(Ask('Takes the booking back.', {})),
});

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
}
type Asked<A> = Request & { readonly answer: A };
interface RestFile extends Collection {
  readonly id: string;
  readonly kind: 'rest';
  readonly secretVariable?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly rates?: Asked<{ rates: string; service: string; price: string; currency?: string }>;
  readonly label: Asked<{ tracking: string; label?: string; mediaType?: string }>;
  readonly tracking?: Asked<{ status: string; at?: string }>;
  readonly void?: Request;
}
export type CarrierFile = ({ readonly id: string; readonly kind: 'manual' | 'manifest' } & Collection) | RestFile;
export type { RestFile, Request };

/** Names of environment variables that hold secrets of carriers. */
export const carrierSecrets = (carriers: readonly CarrierFile[]): string[] =>
  carriers.flatMap((carrier) => (carrier.kind === 'rest' ? (carrier.secretVariable ?? []) : []));
