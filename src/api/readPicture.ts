// The reads of one passage as a picture that anything can show, a mail or a chat as well as a browser: a lane for each antenna, time to the
// right, strength upward, the crossing marked. Pure: reads in, SVG out.
import type { SitePlan } from '../config/plan.ts';
import type { EnvelopeMessage } from '../wire/envelope.ts';
import type { PassageJson } from '../wire/movement.ts';

type Read = NonNullable<EnvelopeMessage['reads']>[number];

const WIDTH = 720;
const LEFT = 186;
const RIGHT = 18;
const TOP = 58;
const LANE = 62;
const GAP = 10;
const BOTTOM = 34;

const STYLE = `
text{font:12px system-ui,sans-serif;fill:#333}.head{font-size:14px;font-weight:600}.dim{fill:#667}
.lane{fill:#f4f5f7}.out{fill:#a8540a}.in{fill:#0b63b5}.here{fill:#555}.cross{stroke:#b3261e;stroke-dasharray:4 3}
@media (prefers-color-scheme:dark){text{fill:#ddd}.dim{fill:#9aa}.lane{fill:#24282e}.out{fill:#f0a35e}.in{fill:#6db3f2}.here{fill:#bbb}.cross{stroke:#ff897d}svg{background:#16191d}}`;

const CROSSED: Readonly<Record<string, string>> = { in: 'crossed', out: 'crossed', undecided: 'if it crossed' };

interface Lane {
  readonly name: string;
  readonly side: 'outside' | 'inside' | undefined;
  readonly reads: readonly Read[];
}

/** An SVG document. Reads that tell no RSSI are drawn at the foot of their lane. */
export function readPicture(passage: PassageJson, reads: readonly Read[], plan: SitePlan | undefined): string {
  const lanes = lanesOf(reads, plan);
  const height = TOP + Math.max(1, lanes.length) * (LANE + GAP) + BOTTOM;
  const mark = passage.crossedAt === null ? undefined : CROSSED[passage.outcome];
  const crossedAt = mark === undefined ? undefined : Date.parse(passage.crossedAt!);
  const times = [...reads.map(({ seenAt }) => Date.parse(seenAt)), ...(crossedAt === undefined ? [] : [crossedAt])];
  const [from, to] = widened(Math.min(...times), Math.max(...times), 2000);
  const told = reads.flatMap(({ rssiDbm }) => (rssiDbm === undefined ? [] : [rssiDbm]));
  const [weak, strong] = widened(Math.min(...told, -60), Math.max(...told, -60), 12);
  const x = (at: number): number => round(LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - RIGHT));
  const laneTop = (index: number): number => TOP + index * (LANE + GAP);
  const y = (index: number, rssiDbm: number | undefined): number =>
    round(laneTop(index) + 6 + ((strong - (rssiDbm ?? weak)) / (strong - weak)) * (LANE - 12));
  const zero = crossedAt ?? from;
  const summary = summaryOf(passage, reads.length);
  const parts = [
    `<title>${escaped(summary)}</title>`,
    `<style>${STYLE}</style>`,
    text(LEFT, 20, `${passage.epc} at ${passage.readPoint}`, 'head'),
    text(LEFT, 38, summary, 'dim'),
    ...lanes.flatMap(({ name, side, reads: own }, index) => [
      `<rect class="lane" x="${LEFT}" y="${laneTop(index)}" width="${WIDTH - LEFT - RIGHT}" height="${LANE}"/>`,
      text(LEFT - 8, laneTop(index) + 24, name, '', 'end'),
      text(LEFT - 8, laneTop(index) + 40, sideText(side, own), 'dim', 'end'),
      ...own.map((read) => {
        const at = Date.parse(read.seenAt);
        const strength = read.rssiDbm === undefined ? 'no RSSI' : dbm(read.rssiDbm);
        const kind = side === 'outside' ? 'out' : side === 'inside' ? 'in' : 'here';
        return `<circle class="${kind}" cx="${x(at)}" cy="${y(index, read.rssiDbm)}" r="3.5"><title>${escaped(`${name}: ${strength}, ${since(at - zero)}`)}</title></circle>`;
      }),
    ]),
    ...(reads.length === 0 ? [text(LEFT + 8, TOP + 34, 'No read was kept.', 'dim')] : []),
    ...(crossedAt === undefined
      ? []
      : [
          `<path class="cross" d="M${x(crossedAt)} ${TOP - 8}V${height - BOTTOM}"/>`,
          text(x(crossedAt), TOP - 10, mark!, '', 'middle'),
        ]),
    ...ticks(from, to, zero).map((at) => text(x(at), height - 12, since(at - zero), 'dim', 'middle')),
    text(8, height - 12, `${dbm(Math.round(strong))} to ${dbm(Math.round(weak))}`, 'dim'),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">${parts.join('')}</svg>`;
}

/** Outside above inside, as one drives in; then by reader and antenna. */
function lanesOf(reads: readonly Read[], plan: SitePlan | undefined): Lane[] {
  const lanes = new Map<string, { side: Lane['side']; reads: Read[] }>();
  for (const read of reads) {
    const name = `${read.reader} / ${read.antenna ?? '?'}`;
    const side = plan?.antennaOf({ reader: read.reader, antenna: read.antenna ?? 0 })?.side;
    const lane = lanes.get(name);
    if (lane === undefined) lanes.set(name, { side, reads: [read] });
    else lane.reads.push(read);
  }
  const rank = ({ side }: Pick<Lane, 'side'>): number => (side === 'outside' ? 0 : side === 'inside' ? 1 : 2);
  return [...lanes]
    .map(([name, lane]) => ({ name, ...lane }))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function sideText(side: Lane['side'], reads: readonly Read[]): string {
  const told = reads.flatMap(({ rssiDbm }) => (rssiDbm === undefined ? [] : [rssiDbm]));
  const best = told.length === 0 ? '' : `, best ${dbm(Math.max(...told))}`;
  return `${side ?? 'both sides'}: ${reads.length}${best}`;
}

/** In words what the picture shows. */
function summaryOf({ outcome, leading, probability, group }: PassageJson, reads: number): string {
  const company = group === null || group.size < 2 ? '' : `, with ${group.size - 1} others`;
  const sure = `${(100 * probability).toFixed(1)} %`;
  const decided = outcome === 'undecided' ? `undecided, most likely ${leading}` : outcome.replace('_', ' ');
  return `${decided} (${sure})${company}; ${reads} reads`;
}

/** Whole seconds, at most eight of them. */
function ticks(from: number, to: number, zero: number): number[] {
  const step = [1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000].find((one) => (to - from) / one <= 8) ?? to - from;
  const first = Math.ceil((from - zero) / step);
  return Array.from(
    { length: Math.floor((to - zero) / step) - first + 1 },
    (_, index) => zero + (first + index) * step,
  );
}

function widened(least: number, most: number, span: number): readonly [number, number] {
  if (!Number.isFinite(least) || !Number.isFinite(most)) return [0, span];
  const more = Math.max((most - least) / 20, (span - (most - least)) / 2);
  return [least - more, most + more];
}

const since = (ms: number): string =>
  ms === 0 ? '0 s' : `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(Math.abs(ms) % 1000 === 0 ? 0 : 2)} s`;
const dbm = (value: number): string => `${String(value).replace('-', '−')} dBm`;
const round = (value: number): number => Math.round(value * 10) / 10;

const text = (x: number, y: number, words: string, kind = '', anchor = ''): string =>
  `<text x="${x}" y="${y}"${kind === '' ? '' : ` class="${kind}"`}${anchor === '' ? '' : ` text-anchor="${anchor}"`}>${escaped(words)}</text>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (words: string): string => words.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
