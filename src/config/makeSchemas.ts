// Writes the JSON Schemas of both configuration files, so that editors complete and check them: `npm run schemas`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TSchema } from 'typebox';
import { Mapping } from '../wire/formats/mapping.ts';
import { ServiceFile } from './service.ts';
import { SiteFile } from './site.ts';

const FOLDER = new URL('../../config/schema/', import.meta.url);

/** File name → content, as it must stand in config/schema. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const site = structuredClone(SiteFile) as unknown as {
    properties: { devices: { items: { properties: Record<string, unknown> } } };
  };
  // The service checks a mapping by the format that uses it; an editor is helped by its shape.
  site.properties.devices.items.properties['mapping'] = Mapping;
  return new Map([
    ['tallygate.json', render('tallygate.yaml: how this installation runs', ServiceFile)],
    ['site.json', render('A site: its locations, read points and devices', site as unknown as TSchema)],
  ]);
}

const render = (title: string, schema: TSchema): string =>
  `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...(JSON.parse(JSON.stringify(schema)) as object) }, null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, content] of schemaFiles()) writeFileSync(new URL(name, FOLDER), content);
}
