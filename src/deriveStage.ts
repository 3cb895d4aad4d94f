// The stage `derive`: rows of the journal to effects, each by the machines of its site. Row by row, as a replay takes them: what a row
// is decided by must not be cleaned further than that row, however many came at once.
import { map, type Observable } from 'rxjs';
import { deriveRow, type SiteMachine } from './derive.ts';
import type { Row } from './wire/row.ts';
import type { Effects } from './infer/effects.ts';

export const derive =
  (machineOf: (site: string) => SiteMachine) =>
  (rows$: Observable<readonly Row[]>): Observable<readonly Effects[]> =>
    rows$.pipe(map((rows) => rows.map((row) => deriveRow(machineOf(row.site), row))));
