import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { schemaFiles } from '../../../src/config/makeSchemas.ts';

it.each([...schemaFiles()])('config/schema/%s is what the code says (npm run schemas)', (name, content) => {
  expect(readFileSync(new URL(`../../../config/schema/${name}`, import.meta.url), 'utf8')).toBe(content);
});
