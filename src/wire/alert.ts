// What is told of an alert when it changes: on MQTT, to webhooks, and in the live stream. One schema for all of them.
import { Type, type Static } from 'typebox';

const Text = Type.Union([Type.String(), Type.Null()]);
const Time = Type.String({ format: 'date-time' });

const Told = {
  id: Type.String({ format: 'uuid' }),
  site: Type.String(),
  kind: Type.String(),
  subject: Type.String({ description: 'The thing: one alert of a kind is open for it at a time.' }),
  state: Type.Enum(['open', 'acknowledged', 'snoozed', 'resolved']),
  severity: Type.Enum(['info', 'warning', 'critical']),
  confidence: Type.Number({ minimum: 0, maximum: 1, description: 'How sure the service is that it is so.' }),
  message: Type.String({ description: 'What is wrong.' }),
  suggestion: Type.String({ description: 'What to do about it.' }),
  evidence: Type.Record(Type.String(), Type.Unknown(), { description: 'The figures behind it; by kind.' }),
  look: Type.String({ description: 'Route of this API that shows more.' }),
  times: Type.Integer({ description: 'How often it came up: opened once, re-opened the other times.' }),
  revision: Type.Integer({ description: 'Grows with every change.' }),
  openedAt: Time,
};

export const AlertJson = Type.Object({
  ...Told,
  clearedAt: Type.Union([Type.String(), Type.Null()], {
    description: 'Since when its cause has been gone; null while it holds.',
  }),
  snoozedUntil: Text,
  stateAt: Time,
  stateBy: Type.String(),
});
export type AlertJson = Static<typeof AlertJson>;

/** Payload on `tallygate/v1/{site}/alert/{kind}` and body of a webhook. */
export const AlertMessage = Type.Object({
  ...Told,
  v: Type.Literal(1),
  delivery: Type.String({ format: 'uuid', description: 'The same however often it is delivered: drop what you had.' }),
  change: Type.Enum(['opened', 'reopened', 'acknowledged', 'snoozed', 'woken', 'escalated', 'resolved']),
  at: Time,
  actor: Type.String({ description: '`tallygate`, or who did it.' }),
  note: Text,
  page: Text,
});
export type AlertMessage = Static<typeof AlertMessage>;
