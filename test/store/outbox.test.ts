// What a channel is still to be told, and when it is tried again.
import { expect, it } from 'vitest';
import type { Channel } from '../../src/watch/channels/channels.ts';
import { claim, markFailed } from '../../src/watch/channels/outbox.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase } from '../support/database.ts';

const NOON = Date.parse('2026-11-27T11:00:00Z');
const channel: Channel = { kind: 'mqtt', id: 'mqtt' };

it('what is not taken waits twice as long each time, from 4 s to 10 min, and is never given up', async () => {
  const { pool, rows, value } = await openDatabase(closeAfterTest);
  await rows(
    `insert into alert_delivery (site, id, alert, revision, channel, content, created_at, due_at)
     values ('T1', gen_random_uuid(), gen_random_uuid(), 1, 'mqtt', '{"revision":1}', $1, $1)`,
    [new Date(NOON)],
  );
  const waits: number[] = [];
  for (let now = NOON; waits.length < 30;) {
    expect(await claim(pool, channel, ['T1'], now - 1)).toEqual([]);
    const taken = await claim(pool, channel, ['T1'], now);
    expect(taken).toHaveLength(1);
    await markFailed(pool, channel, taken, 'nobody answers', true, now);
    const due = await value('select due_at from alert_delivery');
    waits.push((due - now) / 1000);
    now = due;
  }
  expect(waits.slice(0, 10)).toEqual([4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
  expect(new Set(waits.slice(10))).toEqual(new Set([600]));
});
