// Who may import whom, in the order of the flow: an arrow that is not in this table does not exist. Read it to know the house.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each room and the rooms that it may import from; itself goes without saying. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // what everything stands on
  kit: [],
  wire: ['kit'],
  config: ['kit', 'wire'],
  store: ['kit'],
  // the flow: pure machines
  clean: ['kit', 'wire', 'config'],
  infer: ['kit', 'wire', 'config', 'clean'],
  work: ['kit', 'wire', 'config', 'infer'],
  'derive.ts': ['kit', 'wire', 'config', 'clean', 'infer', 'work'],
  // the flow: in and out
  intake: ['kit', 'wire', 'config', 'store'],
  post: ['kit', 'wire', 'config', 'store', 'clean', 'infer', 'work', 'derive.ts', 'intake'],
  'deriveStage.ts': ['kit', 'wire', 'infer', 'derive.ts', 'post'],
  'pipeline.ts': ['wire', 'infer', 'deriveStage.ts', 'intake', 'post'],
  // beside the flow
  telemetry: ['kit', 'wire', 'config', 'store', 'intake'],
  watch: ['kit', 'wire', 'config', 'store', 'telemetry'],
  print: [],
  cartonise: [],
  carriers: ['config'],
  api: [
    'kit',
    'wire',
    'config',
    'store',
    'infer',
    'intake',
    'post',
    'telemetry',
    'watch',
    'print',
    'cartonise',
    'carriers',
    'dashboard',
  ],
  dashboard: ['wire'],
  // what puts it together
  run: ['kit', 'wire', 'config', 'store', 'intake', 'post', 'derive.ts', 'pipeline.ts', 'watch', 'api'],
  gateway: ['kit', 'wire'],
  simulators: ['kit', 'wire', 'config', 'commands'],
  calibrate: ['kit', 'wire', 'config', 'infer', 'derive.ts', 'simulators'],
  commands: [
    'kit',
    'wire',
    'config',
    'store',
    'infer',
    'intake',
    'post',
    'derive.ts',
    'telemetry',
    'watch',
    'carriers',
    'api',
    'run',
    'gateway',
    'simulators',
    'calibrate',
    'version.ts',
  ],
  'version.ts': [],
  'main.ts': ['kit', 'commands', 'simulators', 'test', 'version.ts'],
  'tallygate.mjs': ['main.ts'],
};

/** Machines are pure: no clock, no input or output, no RxJS but in the file that makes a stage of them. */
const PURE = new Set(['clean', 'infer', 'work', 'cartonise', 'derive.ts']);
const IMPURE_IMPORTS = /^(?:node:(?:fs|net|http|child_process|worker_threads|timers|os)|pg|mqtt|aedes|fastify|pino)\b/;
const IMPURE_CODE =
  /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(|\bsetTimeout\(|\bprocess\.env\b/;

interface Source {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = ['src', 'gateway', 'simulators'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|tsx|mjs)$/.test(file))
    .map((file) => sourceOf(join(folder, file))),
);

function sourceOf(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1]!);
  return { path, room: roomOf(path), text, imports };
}

function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'src' ? second : top;
}

const targetOf = (source: Source, name: string): string => normalize(join(dirname(source.path), name));

describe('the house', () => {
  it('has no room that the table does not know', () => {
    expect([...new Set(sources.map(({ room }) => room))].filter((room) => MAY_IMPORT[room] === undefined)).toEqual([]);
  });

  it('has no import that the table does not allow', () => {
    const forbidden = sources.flatMap((source) =>
      source.imports
        .filter((name) => name.startsWith('.'))
        .map((name) => roomOf(targetOf(source, name)))
        .filter((room) => room !== source.room && !MAY_IMPORT[source.room]?.includes(room))
        .map((room) => `${source.path} imports from ${room}`),
    );
    expect(forbidden).toEqual([]);
  });

  it('has no arrow in the table that nobody uses', () => {
    const used = new Set(
      sources.flatMap((source) =>
        source.imports
          .filter((name) => name.startsWith('.'))
          .map((name) => `${source.room} → ${roomOf(targetOf(source, name))}`),
      ),
    );
    const idle = Object.entries(MAY_IMPORT).flatMap(([room, others]) =>
      others.map((other) => `${room} → ${other}`).filter((arrow) => !used.has(arrow)),
    );
    expect(idle).toEqual([]);
  });

  it('keeps the machines pure: no clock, no input or output, RxJS only in stage.ts', () => {
    const found = sources
      .filter(({ room }) => PURE.has(room))
      .flatMap(({ path, text, imports }) => [
        ...imports.filter((name) => IMPURE_IMPORTS.test(name)).map((name) => `${path} imports ${name}`),
        ...(imports.includes('rxjs') && !path.endsWith('stage.ts') ? [`${path} imports rxjs`] : []),
        ...(IMPURE_CODE.test(text) ? [`${path}: ${IMPURE_CODE.exec(text)![0]}`] : []),
      ]);
    expect(found).toEqual([]);
  });

  it('keeps RxJS in about a dozen files', () => {
    const files = sources.filter(({ imports }) => imports.includes('rxjs')).map(({ path }) => path);
    expect(files.length).toBeLessThanOrEqual(16);
  });

  it('imports files by their name, and nothing re-exports everything', () => {
    const found = sources.flatMap(({ path, text, imports }) => [
      ...imports.filter((name) => name.startsWith('.') && !/\.\w+$/.test(name)).map((name) => `${path}: ${name}`),
      ...(/^export \* from/m.test(text) ? [`${path} re-exports`] : []),
    ]);
    expect(found).toEqual([]);
  });

  it('has no folder at the top beyond those that were agreed', () => {
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .map(({ name }) => name);
    expect(folders.filter((name) => !['config', 'gateway', 'simulators', 'src', 'test'].includes(name))).toEqual([]);
  });
});
