// Fields that commands have in common.
import { Type } from 'typebox';

export const Epc = Type.String({ pattern: '^[0-9A-Fa-f]{2,128}$', description: 'Hexadecimal EPC.' });
export const Sku = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: String.raw`^\S(?:.*\S)?$`,
  description: 'Without space at either end.',
});
/** Beyond it a double no longer holds every ten-thousandth, which is the finest that the books tell apart. */
export const QUANTITY_MAX = 1e9;
export const Quantity = Type.Number({
  exclusiveMinimum: 0,
  maximum: QUANTITY_MAX,
  description: 'Four decimals at most.',
});
export const Name = Type.Optional(Type.String({ maxLength: 64 }));
const Text = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });
export const Time = (description: string) => Type.Optional(Type.String({ minLength: 20, maxLength: 40, description }));

/** What every command may say. */
export const base = {
  at: Time('When it happened, RFC 3339; now when left out.'),
  reason: Type.Optional(Text('Why, for the record.')),
};
