// What people and machines are called by on every path in and out.
import { Type } from 'typebox';

/** Ids of sites, gateways, readers, locations: they appear in topics, URLs and logs, so no slash, space, + or #. */
export const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$';
export const Id = Type.String({
  pattern: ID_PATTERN,
  description: 'Letters, digits, dot, colon, underscore, hyphen; at most 64.',
});
