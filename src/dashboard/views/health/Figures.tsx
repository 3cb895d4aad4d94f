// Key figures as they are now, each with its last minutes.
import { bytesText, numberText, percentText } from '../../shared/text.ts';
import type { Look } from './useMetrics.ts';

const FIGURES: readonly {
  readonly title: string;
  readonly note: string | ((look: Look) => string);
  readonly of: (look: Look) => number | undefined;
  readonly text: (value: number) => string;
}[] = [
  { title: 'Reads', note: 'derived a second', of: (look) => look.readsPerSecond, text: perSecond },
  { title: 'Messages', note: 'received a second', of: (look) => look.messagesPerSecond, text: perSecond },
  {
    title: 'Journal',
    note: ({ intakeP95Ms }) => (intakeP95Ms === undefined ? 'a commit' : `95 % in ${millis(intakeP95Ms)}`),
    of: (look) => look.intakeMs,
    text: millis,
  },
  { title: 'Ledger', note: 'a commit', of: (look) => look.postMs, text: millis },
  { title: 'Lag', note: 'rows to the ledger', of: (look) => look.lagRows, text: numberText },
  { title: 'Held', note: 'not acknowledged', of: (look) => look.heldBytes, text: bytesText },
  { title: 'Memory', note: 'of the engine', of: (look) => look.memoryBytes, text: bytesText },
  { title: 'Processor', note: 'of one core', of: (look) => look.cpuShare, text: percentText },
];

export const Figures = ({ looks }: { readonly looks: readonly Look[] }) => (
  <ul class="figures" aria-label="Key figures">
    {FIGURES.map(({ title, note, of, text }) => {
      const values = looks.map((look) => of(look));
      const last = values.at(-1);
      const look = looks.at(-1);
      return (
        <li class="figure" key={title}>
          <span class="figure-title">{title}</span>
          <span class="figure-value">{last === undefined ? '–' : text(last)}</span>
          <span class="figure-note">{typeof note === 'string' ? note : look === undefined ? '…' : note(look)}</span>
          <Line values={values} />
        </li>
      );
    })}
  </ul>
);

const WIDTH = 60;
const HEIGHT = 16;

function Line({ values }: { readonly values: readonly (number | undefined)[] }) {
  const full = Math.max(1e-9, ...values.map((value) => value ?? 0));
  let path = '';
  for (const [index, value] of values.entries()) {
    if (value === undefined) continue;
    const x = WIDTH - values.length + index + 0.5;
    path += `${path === '' ? 'M' : 'L'}${x} ${(HEIGHT - 1 - (value / full) * (HEIGHT - 2)).toFixed(1)}`;
  }
  return (
    <svg class="figure-line" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="figure-base" d={`M0 ${HEIGHT - 0.5}h${WIDTH}`} />
      <path d={path} />
    </svg>
  );
}

function perSecond(value: number): string {
  return value < 10 ? numberText(Math.round(value * 10) / 10) : numberText(Math.round(value));
}

function millis(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
