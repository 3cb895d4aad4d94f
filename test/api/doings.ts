// What happens in the stories of these tests: what readers saw long ago, so that nothing is open any more, and what people say.
import { expect } from 'vitest';
import { readEntries, type ReadSpec } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import type { Answer, TestService } from './service.ts';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export const iso = (ms: number): string => new Date(ms).toISOString();

/** Reads of long ago, as one envelope; waits until each tag is where the story ends for it. */
export async function seen(
  service: TestService,
  reads: readonly ReadSpec[],
  ends: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const inOrder = [...reads].sort((a, b) => a.at - b.at);
  await service.deliver({ reads: readEntries(inOrder) }, { sentAt: inOrder.at(-1)!.at + 5 * SECOND_MS });
  for (const [location, epcs] of Object.entries(ends)) {
    await eventually(`${epcs.length} tags are at ${location}`, async () => {
      const answers = await Promise.all(epcs.map((epc) => service.get(`/v1/items/${epc}`)));
      return answers.every(({ body }) => body.location === location);
    });
  }
  await service.posted();
}

/** Says it, expects that it is done, and gives the ids of the movements that it posted. */
export async function say(
  service: TestService,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<readonly string[]> {
  return done(await service.post(path, body, headers)).transactions as readonly string[];
}

/** The body of an answer that says 200. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect of it
export function done(answer: Answer): any {
  const { status, body } = answer;
  expect({ status, body: body as unknown }).toEqual({ status: 200, body: body as unknown }); // shows the body when it is not
  return body;
}

/** Found stock without serial numbers. */
export const found = (
  service: TestService,
  sku: string,
  quantity: number,
  location: string,
  more: Record<string, unknown> = {},
): Promise<readonly string[]> =>
  say(service, '/v1/adjustments', { site: 'T1', sku, quantity, location, reason: 'counted', ...more });

/** Every row of a list, page by page; `between` happens after each page. */
export async function pages<T>(
  service: TestService,
  path: string,
  query: Record<string, string | number | boolean>,
  between: (page: number) => unknown = () => {},
): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1, cursor: string | null | undefined; cursor !== null; page++) {
    const body = done(await service.get(path, { ...query, ...(cursor === undefined ? {} : { cursor }) }));
    items.push(...(body.items as T[]));
    cursor = body.next as string | null;
    if (cursor !== null) await between(page);
  }
  return items;
}

/** Expects a problem as RFC 9457 has it, with this code. */
export function expectProblem(answer: Answer, status: number, code: string, detail?: RegExp): void {
  expect(answer).toMatchObject({
    status,
    type: expect.stringMatching(/^application\/problem\+json/) as string,
    body: { type: `tallygate:problem:${code}`, status, code, title: expect.any(String) as string },
  });
  expect(answer.body.detail).toMatch(detail ?? /\w/);
}
