// Holds what was decided against what happened: each true crossing of a tag is matched with at most one decision of the same
// tag and direction within a tolerance, the nearest first.

/** A crossing, true or decided. */
export interface Crossing {
  readonly epc: string;
  readonly readPoint: string;
  readonly direction: 'in' | 'out';
  /** ms since 1970. */
  readonly at: number;
}

export interface Score {
  readonly right: number;
  /** Decided, but not so: another direction, another time, or a tag that did not cross. */
  readonly wrong: number;
  readonly missed: number;
  /** Decided within the tolerance of a true crossing of the tag, in the other direction. */
  readonly directionErrors: number;
}

/** A true crossing and the decision that tells of it. */
export interface Match<Decided extends Crossing = Crossing> {
  readonly truth: Crossing;
  readonly decided: Decided | undefined;
  /** Nothing tells of it, but something tells of the tag at its time, in the other direction. */
  readonly otherWay: boolean;
}

/** One for each true crossing, in their order. */
export function matchesOf<Decided extends Crossing>(
  truth: readonly Crossing[],
  decided: readonly Decided[],
  toleranceMs: number,
  anyReadPoint = false,
): Match<Decided>[] {
  const byTag = new Map<string, Decided[]>();
  for (const crossing of decided) {
    const own = byTag.get(crossing.epc);
    if (own === undefined) byTag.set(crossing.epc, [crossing]);
    else own.push(crossing);
  }
  return truth.map((crossing) => {
    const own = byTag.get(crossing.epc) ?? [];
    const near = own.filter(
      ({ at, readPoint }) =>
        Math.abs(at - crossing.at) <= toleranceMs && (anyReadPoint || readPoint === crossing.readPoint),
    );
    const same = near
      .filter(({ direction }) => direction === crossing.direction)
      .sort((a, b) => Math.abs(a.at - crossing.at) - Math.abs(b.at - crossing.at))[0];
    if (same !== undefined) own.splice(own.indexOf(same), 1);
    return { truth: crossing, decided: same, otherWay: same === undefined && near.length > 0 };
  });
}

export function score(
  truth: readonly Crossing[],
  decided: readonly Crossing[],
  toleranceMs: number,
  anyReadPoint = false,
): Score {
  return scoreOf(matchesOf(truth, decided, toleranceMs, anyReadPoint), decided.length);
}

/** `decisions`: how many there were, matched or not. */
export function scoreOf(matches: readonly Match[], decisions: number): Score {
  const right = matches.filter(({ decided }) => decided !== undefined).length;
  const directionErrors = matches.filter(({ otherWay }) => otherWay).length;
  return { right, wrong: decisions - right, missed: matches.length - right, directionErrors };
}

/** Decisions that tell once more of a crossing that another one told already. */
export function duplicatesOf<Decided extends Crossing>(
  truth: readonly Crossing[],
  decided: readonly Decided[],
  toleranceMs: number,
): Decided[] {
  const matched = new Set<Crossing | undefined>(matchesOf(truth, decided, toleranceMs).map((match) => match.decided));
  // What is left and could have been matched was too many: matching leaves no crossing without its decision.
  return decided.filter(
    (one) =>
      !matched.has(one) &&
      score(
        truth.filter(({ epc }) => epc === one.epc),
        [one],
        toleranceMs,
      ).right > 0,
  );
}

export const precision = ({ right, wrong }: Score): number => (right + wrong === 0 ? 1 : right / (right + wrong));
export const recall = ({ right, missed }: Score): number => (right + missed === 0 ? 1 : right / (right + missed));
/** Harmonic mean of precision and recall. */
export const f1 = (result: Score): number =>
  (2 * result.right) / Math.max(1, 2 * result.right + result.wrong + result.missed);

/** Share of the decisions about crossings of the right tag, at the right door and time, that have the wrong direction. */
export const wrongWay = ({ right, directionErrors }: Score): number =>
  directionErrors / Math.max(1, right + directionErrors);

export const sum = (scores: readonly Score[]): Score =>
  scores.reduce(
    (total, one) => ({
      right: total.right + one.right,
      wrong: total.wrong + one.wrong,
      missed: total.missed + one.missed,
      directionErrors: total.directionErrors + one.directionErrors,
    }),
    { right: 0, wrong: 0, missed: 0, directionErrors: 0 },
  );
