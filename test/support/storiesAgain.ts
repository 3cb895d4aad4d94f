// The same journal again: the same effects, word for word, also when half of it comes from a snapshot.
import { expect } from 'vitest';
import type { SitePlan } from '../../src/config/plan.ts';
import { deriveRow, openMachine } from '../../src/derive.ts';
import type { Effects } from '../../src/infer/effects.ts';
import { endRestoring, restorePart } from '../../src/post/restoreSnapshot.ts';
import { keepAhead, PARTS, takeSnapshot } from '../../src/post/snapshot.ts';
import type { Row } from '../../src/wire/row.ts';

interface Derived {
  readonly plan: SitePlan;
  readonly rows: readonly Row[];
  readonly effects: readonly Effects[];
}

export function sameAgain({ rows, effects, plan }: Derived): void {
  const machine = openMachine(plan);
  expect(rows.map((row) => deriveRow(machine, row))).toEqual(effects);
  const half = Math.floor(rows.length / 2);
  const before = openMachine(plan);
  for (const row of rows.slice(0, half)) {
    deriveRow(before, row);
    keepAhead(before);
  }
  const resumed = openMachine(plan);
  const { parts, offset } = takeSnapshot(before);
  for (const part of PARTS)
    for (const one of parts)
      if (one.part === part && one.content !== undefined) restorePart(resumed, part, one.key, one.content);
  endRestoring(resumed, offset);
  expect(rows.slice(half).map((row) => deriveRow(resumed, row))).toEqual(effects.slice(half));
}
