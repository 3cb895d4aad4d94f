// Small pieces that the schemas of the service and of a site share.
import { Type, type TSchema } from 'typebox';

export const Milliseconds = (
  description: string,
  defaultMs: number,
  bounds: { minimum?: number; maximum?: number } = {},
) => Type.Integer({ minimum: 0, maximum: 86_400_000, default: defaultMs, description, ...bounds });

export const Share = (description: string, share: number) =>
  Type.Number({ minimum: 0, maximum: 1, default: share, description });

/** An object that refuses unknown keys: a typing mistake in a configuration must not pass in silence. */
export const Strict = <P extends Record<string, TSchema>>(properties: P, options: { description?: string } = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });
