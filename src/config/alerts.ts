// `alerts:` in tallygate.yaml (rules for all sites, and the channels) and in a site file (rules and stock levels of that
// site). Alerts decide nothing about stock, so none of this is part of the decision rules.
import { Type, type Static, type TObject, type TSchema } from 'typebox';
import { Id } from '../wire/id.ts';
import { AlertRules, type AlertKind } from './alertKinds.ts';
import { Level, SEVERITIES } from './alertRule.ts';
import { Milliseconds, Strict } from './schema.ts';

const optional = (schema: TObject): Record<string, TSchema> =>
  Object.fromEntries(Object.entries(schema.properties).map(([key, property]) => [key, Type.Optional(property)]));

export const RuleOverridesSchema = Type.Object(
  Object.fromEntries(
    Object.entries(AlertRules.properties).map(([kind, schema]) => [
      kind,
      Type.Optional(Strict(optional(schema), { description: (schema as { description?: string }).description ?? '' })),
    ]),
  ),
  { additionalProperties: false, description: 'Rules by kind of alert; what is left out has its default.' },
);

/** Rules as a file states them. */
export type AlertRuleOverrides = { readonly [K in AlertKind]?: Partial<AlertRules[K]> };

const Levels = Type.Array(Level, {
  description: 'How much of a SKU there should be: at the site, or in one location.',
});

const Clock = (description: string) =>
  Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: `${description} HH:MM at the site.` });

const Channel = {
  id: Id,
  sites: Type.Optional(Type.Array(Id, { description: 'Only alerts of these sites.' })),
  kinds: Type.Optional(Type.Array(Type.Enum(Object.keys(AlertRules.properties)), { description: 'Only these kinds.' })),
  severity: Type.Optional(Type.Enum([...SEVERITIES], { default: 'info', description: 'Only from this severity.' })),
  quietHours: Type.Optional(
    Strict(
      { from: Clock('Nothing is sent from'), to: Clock('until') },
      { description: 'What is not critical waits for their end.' },
    ),
  ),
};

export const Webhook = Strict({
  ...Channel,
  url: Type.String({ pattern: '^https?://', description: 'Each change is posted there, signed.' }),
  secretVariable: Type.String({
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    description: 'Environment variable with the secret that signs (HMAC-SHA256).',
  }),
});
export type Webhook = Static<typeof Webhook>;

export const Mail = Strict({
  ...Channel,
  host: Type.String({ minLength: 1, description: 'SMTP server.' }),
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, default: 587 })),
  secure: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'TLS from the first byte (port 465); otherwise STARTTLS when offered.',
    }),
  ),
  user: Type.Optional(Type.String()),
  passwordVariable: Type.Optional(
    Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$', description: 'Environment variable with the password.' }),
  ),
  from: Type.String({ minLength: 3, description: 'Tallygate <tallygate@example.com>' }),
  to: Type.Array(Type.String({ minLength: 3 }), { minItems: 1 }),
  groupMs: Type.Optional(Milliseconds('What comes within this time is one mail.', 30_000, { maximum: 3_600_000 })),
});
export type Mail = Static<typeof Mail>;

export const ServiceAlerts = Strict({
  everyMs: Type.Optional(Milliseconds('How often the rules are looked at.', 5000, { minimum: 500, maximum: 600_000 })),
  keepDays: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 36_500, default: 365, description: 'Resolved alerts and their history.' }),
  ),
  page: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'Address of the page, for links in mails and webhooks.' }),
  ),
  rules: Type.Optional(RuleOverridesSchema),
  webhooks: Type.Optional(Type.Array(Webhook)),
  mails: Type.Optional(Type.Array(Mail)),
});
type RawServiceAlerts = Static<typeof ServiceAlerts>;
export type ServiceAlerts = Omit<RawServiceAlerts, 'rules'> & { readonly rules?: AlertRuleOverrides };

export const SiteAlerts = Strict({
  rules: Type.Optional(RuleOverridesSchema),
  levels: Type.Optional(Levels),
});
export type SiteAlerts = {
  readonly rules?: AlertRuleOverrides;
  readonly levels?: readonly Level[];
};

/** The rules that hold when overrides are laid over the defaults, the last one on top. */
export function effectiveAlertRules(...overrides: readonly (AlertRuleOverrides | undefined)[]): AlertRules {
  const kinds = Object.entries(AlertRules.properties).map(([kind, { properties }]) => {
    const defaults = Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, (schema as { default?: unknown }).default]),
    );
    return [kind, Object.assign(defaults, ...overrides.map((override) => override?.[kind as AlertKind]))] as const;
  });
  return Object.fromEntries(kinds) as AlertRules;
}

/** Names of environment variables that hold secrets of channels. */
export const secretVariables = ({ webhooks = [], mails = [] }: ServiceAlerts): string[] => [
  ...webhooks.map(({ secretVariable }) => secretVariable),
  ...mails.flatMap(({ passwordVariable }) => passwordVariable ?? []),
];
