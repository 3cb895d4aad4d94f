// Faults of an installation, simulated: which are found, and after how much; and what is found where nothing is wrong.
import type { InstallationScore } from './installations.ts';
import { tableOf } from './table.ts';

const HEAD = ['installation', 'found', 'after loads', 'after minutes', 'falsely found'];

export function installationTable(scores: readonly InstallationScore[]): string {
  return tableOf(
    HEAD,
    scores.map(({ name, isFaulty, found, falsely }) => {
      const those = found.filter((one) => one !== null);
      return [
        name,
        isFaulty ? `${those.length}/${found.length}` : '',
        rangeOf(those.map(({ loads }) => loads)),
        rangeOf(those.map(({ afterMs }) => Math.round(afterMs / 60_000))),
        falsely.length === 0 ? '0' : `${falsely.length}: ${[...new Set(falsely.map(({ kind }) => kind))].join(', ')}`,
      ];
    }),
  );
}

function rangeOf(values: readonly number[]): string {
  if (values.length === 0) return '';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least} to ${most}`;
}
