// A doubt in words: why an item may not be where the books have it, and what to do about it. The same sentences on the page, in alerts
// and in the answers of the API.

/** What the words are made of. Times in ms. */
export interface DoubtFigures {
  readonly epc: string;
  readonly sku: string | null;
  readonly location: string;
  readonly zone: string;
  /** 0 to 1. */
  readonly probability: number;
  readonly heardAt: number;
  /** Hours since in which the zone was heard, and the item was not. */
  readonly silentHours: number;
  /** Share of such hours in which it answers when it is there. */
  readonly answers: number;
  readonly sweeps: number;
  readonly shortPicks: number;
}

/** Why, in a sentence or three. */
export function whyDoubted({
  zone,
  location,
  heardAt,
  silentHours,
  answers,
  sweeps,
  shortPicks,
}: DoubtFigures): string {
  const since = new Date(heardAt).toISOString().slice(0, 16).replace('T', ' ');
  const usually =
    answers >= 0.05 ? `usually answers in ${Math.round(answers * 10)} of 10 such hours` : 'seldom answers at all';
  return [
    `Zone ${zone} heard others in ${silentHours} ${silentHours === 1 ? 'hour' : 'hours'} since ${since} UTC, and never this tag, which ${usually}.`,
    ...(sweeps > 0 ? [`${sweeps === 1 ? 'A sweep' : `${sweeps} sweeps`} of ${location} did not find it.`] : []),
    ...(shortPicks > 0 ? [`A picker found less in ${location} than the books have there.`] : []),
  ].join(' ');
}

/** What is wrong, in a sentence. */
export const doubtMessage = ({ epc, sku, location, probability }: DoubtFigures): string =>
  `${sku ?? 'Item'} ${epc} is probably not at ${location}, where the books have it (${Math.floor(probability * 20) * 5} % or more).`;

/** What to do. */
export const doubtAdvice = ({ epc, location }: DoubtFigures): string =>
  `Sweep ${location} with a handheld reader, or look for ${epc} there; then say whether it was found. Nothing leaves the books before.`;
