// What really happened, by line: the truth that `simulate` writes, which tells of every crossing, or labels of /v1/labels.ndjson, which
// tell of the passages that a person decided and of no other.
import { Compile } from 'typebox/compile';
import type { SitePlan } from '../config/plan.ts';
import { messageOf, rejected } from '../kit/faults.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import { LabelJson } from '../wire/label.ts';
import { parseTime } from '../wire/time.ts';
import type { Crossing } from '../../simulators/score/match.ts';

export type Truth =
  | { readonly kind: 'crossings'; readonly crossings: readonly Crossing[] }
  | { readonly kind: 'labels'; readonly labels: readonly PassageLabel[] };

/** A label with its times in ms. */
export interface PassageLabel {
  readonly passage: string;
  readonly readPoint: string;
  readonly epc: string;
  readonly outcome: string;
  readonly said: LabelJson['said'];
  readonly firstAt: number;
  readonly lastAt: number;
}

const isLabel = Compile(LabelJson);

/** Throws `rejected` (`bad-truth`, `other-site`) naming the line. Tags that carry no working tag, or that the site ignores, are left out. */
export async function readTruth(
  plan: SitePlan,
  file: string,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<Truth> {
  const crossings: Crossing[] = [];
  const labels: PassageLabel[] = [];
  let number = 0;
  for await (const text of lines) {
    number++;
    if (text.trim() === '') continue;
    const line = parsed(text, `${file}:${number}`);
    if (line['site'] !== undefined && line['site'] !== plan.site)
      throw rejected(
        'other-site',
        `${file}:${number} is of site ${JSON.stringify(line['site'])}, not of ${plan.site}.`,
      );
    if ('said' in line) labels.push(labelOf(line, `${file}:${number}`));
    else {
      const crossing = crossingOf(plan, line, `${file}:${number}`);
      if (crossing !== undefined) crossings.push(crossing);
    }
    if (labels.length > 0 && crossings.length > 0)
      throw rejected(
        'bad-truth',
        `${file}:${number}: labels and the truth of \`simulate\` do not mix; give one of them.`,
      );
  }
  if (labels.length === 0 && crossings.length === 0)
    throw rejected('bad-truth', `${file} tells of no passage of a portal of ${plan.site}.`);
  return labels.length > 0 ? { kind: 'labels', labels } : { kind: 'crossings', crossings };
}

function parsed(text: string, where: string): Record<string, unknown> {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    throw rejected('bad-truth', `${where} is not JSON: ${messageOf(error)}`);
  }
  if (line === null || typeof line !== 'object' || Array.isArray(line))
    throw rejected('bad-truth', `${where} is no JSON object.`);
  return line as Record<string, unknown>;
}

function labelOf(line: Record<string, unknown>, where: string): PassageLabel {
  const [error] = isLabel.Errors(line);
  if (error !== undefined)
    throw rejected(
      'bad-truth',
      `${where} is no label as /v1/labels.ndjson gives it: ${error.instancePath} ${error.message}`,
    );
  const label = line as LabelJson;
  return { ...label, epc: identify(label.epc).epc, firstAt: parseTime(label.firstAt), lastAt: parseTime(label.lastAt) };
}

/** Undefined for what no portal could have seen cross. */
function crossingOf(plan: SitePlan, line: Record<string, unknown>, where: string): Crossing | undefined {
  const { at, epc, from, to, readPoint, movement } = line;
  if (typeof at !== 'string' || typeof epc !== 'string' || typeof from !== 'string' || typeof to !== 'string')
    throw rejected(
      'bad-truth',
      `${where} is neither a line of \`simulate --truth\` (at, epc, from, to, readPoint, movement) nor a label of /v1/labels.ndjson.`,
    );
  const time = parseTime(at);
  if (Number.isNaN(time)) throw rejected('bad-truth', `${where}: at is no RFC 3339 time: ${at}`);
  if (movement !== true || line['tagged'] === false || !/^(?:[0-9A-Fa-f]{2})+$/.test(epc)) return undefined;
  const portal = plan.readPoints.find((point) => point.kind === 'portal' && point.id === readPoint);
  if (portal?.kind !== 'portal') return undefined;
  const tag = identify(epc).epc;
  if (plan.isIgnored(tag)) return undefined;
  const direction =
    from === portal.outside && to === portal.inside
      ? 'in'
      : from === portal.inside && to === portal.outside
        ? 'out'
        : undefined;
  return direction && { epc: tag, readPoint: portal.id, direction, at: time };
}
