// What one site tells another: in the journal of the other with the very commit that made it true; once, or not at all.
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { NoticeEffect } from '../../src/infer/transferEffects.ts';
import type { Effects } from '../../src/infer/effects.ts';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { cursorOf, postEffects } from '../../src/post/ledger.ts';
import { openClient, type Client } from '../../src/store/database.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';
import { effectsOf } from '../support/effects.ts';

let database: TestDatabase;
let client: Client;
let sites = 0;
let site: string;
let other: string;

beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
  client = await openClient(database.options);
  closeAfterFile(() => client.end());
});

beforeEach(async () => {
  site = `FROM-${++sites}`;
  other = `TO-${sites}`;
  await cursorOf(client, site);
});

const noticeOf = (key: string): NoticeEffect => ({
  key: `${site} ${key}`,
  to: other,
  command: {
    kind: 'transfer-sent',
    transfer: 'X',
    from: site,
    goods: [{ at: '2026-11-23T12:00:00Z', sku: 'S', lot: '', owner: '', quantity: 5 }],
  },
});
const rowOf = (offset: number, some: Partial<Effects>): Effects => effectsOf(offset, { site, ...some });
const post = (effects: readonly Effects[], isReal = true): Promise<void> =>
  postEffects(client, { site, from: effects[0]!.offset - 1, to: effects.at(-1)!.offset, effects }, new Set(), isReal);
const told = async () => openJournal(database.pool, createLog({ style: 'silent' })).read(other, 0, 100);

it('is the next rows of the journal of the other, in order, with who tells it', async () => {
  await post([rowOf(1, { notices: [noticeOf('a'), noticeOf('b')] }), rowOf(2, { notices: [noticeOf('c')] })]);
  expect(await told()).toMatchObject(
    ['a', 'b', 'c'].map((key, index) => ({
      site: other,
      offset: index + 1,
      kind: 'command',
      actor: `site ${site}`,
      key: noticeOf(key).key,
      command: noticeOf(key).command,
    })),
  );
  expect(await database.value('select count(*) from notice where site = $1', [site])).toBe(3);
});

it('is told once, however often its commit is tried', async () => {
  const batch = [rowOf(1, { notices: [noticeOf('a')] })];
  await post(batch);
  await expect(post(batch)).rejects.toMatchObject({ code: 'cursor-moved' });
  expect(await told()).toHaveLength(1);
});

it('is not told when its commit fails after it was appended', async () => {
  const outcome = { key: 'k', outcome: { status: 'done' as const, transactions: [] } };
  await post([rowOf(1, { outcome })]);
  // The outcome is there already: the last statement of this commit fails.
  await expect(post([rowOf(2, { notices: [noticeOf('a')], outcome })])).rejects.toThrow(/duplicate key/);
  expect(await told()).toEqual([]);
  expect(await cursorOf(client, site)).toBe(1);
  await post([rowOf(2, { notices: [noticeOf('a')] })]);
  expect(await told()).toHaveLength(1);
});

it('is not told by what is derived again only to be compared', async () => {
  await post([rowOf(1, { notices: [noticeOf('a')] })], false);
  expect(await told()).toEqual([]);
  expect(await database.value('select count(*) from notice where site = $1', [site])).toBe(1);
});
