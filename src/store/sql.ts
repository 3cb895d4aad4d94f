// SQL stands in .sql files beside the one .ts that runs them; this loads one.
import { readFileSync } from 'node:fs';

/** The text of a file beside the module: `sqlFile(import.meta.url, 'appendToJournal.sql')`. */
export const sqlFile = (moduleUrl: string, name: string): string => readFileSync(new URL(name, moduleUrl), 'utf8');
