// The stage `clean`: rows of the journal to reads in order, by the state of their site.
import { map, type Observable } from 'rxjs';
import type { Row } from '../wire/row.ts';
import { cleanRow, type Cleaned, type CleanState } from './clean.ts';

export const clean =
  (stateOf: (site: string) => CleanState) =>
  (rows$: Observable<readonly Row[]>): Observable<readonly Cleaned[]> =>
    rows$.pipe(map((rows) => rows.map((row) => cleanRow(stateOf(row.site), row))));
