// A doubt: the books have an item somewhere, and it may not be there. It opens when that is likely enough, is told again as it grows or
// shrinks, and is over when the item is heard or seen, goes elsewhere, or a person says that it is missing. Pure.
import { contentId } from '../../kit/ids.ts';

/** Why a doubt is over. */
export const DOUBT_ENDS = ['heard', 'found', 'missing', 'moved', 'faded'] as const;
export type DoubtEnd = (typeof DOUBT_ENDS)[number];

/** Times in ms. */
export interface Doubt {
  readonly id: string;
  readonly epc: string;
  readonly sku: string | undefined;
  /** Where the books have it, and the zone that should hear it there. */
  readonly location: string;
  readonly zone: string;
  /** How likely it is that it is not there: 0 to 1, hundredths. */
  readonly probability: number;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
  readonly end: DoubtEnd | undefined;
  readonly evidence: DoubtEvidence;
  /** When it first was so likely, by twentieths: for who asks what another limit would have said. */
  readonly steps: readonly { readonly probability: number; readonly at: number }[];
}

/** What it was concluded from. */
export interface DoubtEvidence {
  /** When it was heard or put there last; ms. */
  readonly heardAt: number;
  /** Hours since in which its zone was heard, and it was not. */
  readonly silentHours: number;
  /** In what share of such hours it answers, when it is there and nothing hides it. */
  readonly answers: number;
  /** Sweeps with a handheld reader since that did not find it. */
  readonly sweeps: number;
  /** Pickers who did not find what the books have in its bin. */
  readonly shortPicks: number;
}

/** From which probability on it is told, and below which it is over. */
export const DOUBTED = 0.3;
const FADED = 0.15;
const STEP = 0.05;

export interface Doubted {
  readonly epc: string;
  readonly sku: string | undefined;
  readonly location: string;
  readonly zone: string;
  readonly probability: number;
  readonly evidence: DoubtEvidence;
}

/** The doubt there is from now on (`at`, ms). Undefined when there is none and was none, or when there is nothing new to tell. */
export function follow(site: string, open: Doubt | undefined, now: Doubted, at: number): Doubt | undefined {
  const probability = Math.round(now.probability * 100) / 100;
  if (open === undefined) {
    if (now.probability < DOUBTED) return undefined;
    const id = contentId('doubt', site, now.epc, at);
    const first = { ...now, probability, id, openedAt: at, closedAt: undefined, end: undefined, steps: [] };
    return { ...first, steps: stepsOf(first, at) };
  }
  if (now.probability < FADED) return endDoubt(open, 'faded', at);
  if (probability === open.probability && now.evidence.sweeps === open.evidence.sweeps) return undefined;
  const next = { ...open, ...now, probability };
  return { ...next, steps: stepsOf(next, at) };
}

export const endDoubt = (open: Doubt, end: DoubtEnd, at: number): Doubt => ({ ...open, closedAt: at, end });

function stepsOf({ steps, probability }: Doubt, at: number): Doubt['steps'] {
  const reached = Math.round(Math.floor(probability / STEP + 1e-9) * STEP * 100) / 100;
  return steps.some((step) => step.probability >= reached) ? steps : [...steps, { probability: reached, at }];
}
