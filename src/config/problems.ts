// Everything that is wrong with a configuration, all at once, each with file, line and reason.
import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from 'yaml';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { rejected, type Fault } from '../kit/faults.ts';

export interface Problem {
  readonly file: string;
  /** 1-based; 0 when the file as a whole is meant. */
  readonly line: number;
  /** Where in the file: `/readPoints/0/antennas/2/side`. */
  readonly path: string;
  readonly reason: string;
}

/** A parsed YAML file that still knows on which line each value stands. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

export const formatProblem = (problem: Problem): string =>
  `${problem.file}${problem.line > 0 ? `:${problem.line}` : ''}: ${problem.path === '' ? '' : `${problem.path}: `}${problem.reason}`;

/** One `rejected` fault that lists every problem. */
export function configurationFault(problems: readonly Problem[]): Fault {
  const list = problems.map((problem) => `  ${formatProblem(problem)}`).join('\n');
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return rejected('bad-configuration', `The configuration has ${count}:\n${list}`, { problems });
}

/** Parses YAML text; syntax errors come back as problems, never as exceptions. Alias bombs are refused by the parser. */
export function parseYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const problems: Problem[] = document.errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    path: '',
    reason: `not valid YAML: ${error.message}`,
  }));
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      problems.push({
        file,
        line: 0,
        path: '',
        reason: `not valid YAML: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
  return { file, value, problems, lineOf: (path) => lineOf(document, lines, path) };
}

function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  // The deepest node on the path that exists: a missing key is reported at its parent.
  let node: unknown = document.contents;
  let found: Node | null = document.contents;
  for (const step of path) {
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (pair === undefined) break;
      node = pair.value;
      found = (isScalar(pair.key) ? pair.key : null) ?? found;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (item === undefined) break;
      node = item;
      found = (item as Node) ?? found;
    }
  }
  const start = found?.range?.[0];
  return start === undefined ? 0 : lines.linePos(start).line;
}

// TypeBox stops at eight errors by default; a person wants to mend all in one go.
Settings.Set({ maxErrors: 200 });

const compiled = new WeakMap<TSchema, ReturnType<typeof Compile>>();

/** Checks a part of a file against a schema; `at` is where that part stands in the file. */
export function checkSchema(
  source: YamlFile,
  schema: TSchema,
  value: unknown,
  at: readonly (string | number)[] = [],
): Problem[] {
  let check = compiled.get(schema);
  if (check === undefined) compiled.set(schema, (check = Compile(schema)));
  if (check.Check(value)) return [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const error of check.Errors(value)) {
    const reason = reasonOf(error);
    if (reason === undefined) continue;
    const inner = error.instancePath.split('/').slice(1).map(unescapePointer);
    const path = [...at, ...inner];
    const pointer = path.length === 0 ? '' : `/${path.join('/')}`;
    if (seen.has(pointer + reason)) continue;
    seen.add(pointer + reason);
    problems.push({ file: source.file, line: source.lineOf(path), path: pointer, reason });
  }
  return problems;
}

const unescapePointer = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function reasonOf(error: { keyword: string; message: string; params: unknown }): string | undefined {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'boolean':
      return 'is not a known key here';
    case 'additionalProperties':
    case 'anyOf':
      return undefined; // said better by the error of the part itself
    case 'required':
      return `lacks ${(params['requiredProperties'] as string[]).join(', ')}`;
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    case 'pattern':
      return `is not of the form ${String(params['pattern'])}`;
    default:
      return error.message;
  }
}
