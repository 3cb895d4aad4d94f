// ETags of what can be amended: revision, and the row of the journal that changed it last.
import { ApiFault } from './problem.ts';

/** The revision in an `If-Match`; undefined when none is asked for. `what` is it of, for the refusal. */
export function revisionOf(match: string | string[] | undefined, what: string): number | undefined {
  if (match === undefined || match === '*') return undefined;
  const [, revision] = /^"(\d{1,9})\.\d+"$/.exec(String(match)) ?? [];
  if (revision === undefined || revision === '0')
    throw new ApiFault(412, 'changed-meanwhile', `If-Match: ${String(match)} is no ETag of ${what}; read it again.`);
  return Number(revision);
}
