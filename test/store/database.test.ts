// Connections that break where nobody looks.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { atomicallyIn, isAway, isUnavailable, openClient, openPool } from '../../src/store/database.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase, terminate } from '../support/database.ts';
import { openTcpProxy, targetOf } from '../support/tcpProxy.ts';
import { eventually } from '../support/wait.ts';

describe('a connection', () => {
  it('that breaks between two statements of a transaction fails the transaction, not the process', async () => {
    const database = await openDatabase(closeAfterTest);
    const pool = openPool({ url: database.url, name: 'breaks', max: 1, onError: () => {} });
    closeAfterTest(() => pool.end());
    const failed = atomicallyIn(pool, async (client) => {
      await client.query('create temporary table never (id int)');
      await terminate(database, 'breaks');
      await eventually('the server has ended it', async () => {
        const left = await database.value(
          "select count(*) from pg_stat_activity where application_name = 'breaks' and datname = current_database()",
        );
        return left === 0;
      });
      // By now the client has heard of it, while no statement of ours was waiting for an answer.
      await client.query('select 1');
    });
    await expect(failed).rejects.toSatisfy(isUnavailable);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('that is taken and never answered is given up: Postgres is away', { timeout: 20_000 }, async () => {
    const hangs = createServer(() => {}).listen(0, '127.0.0.1');
    await once(hangs, 'listening');
    closeAfterTest(() => hangs.close());
    const url = `postgres://127.0.0.1:${(hangs.address() as AddressInfo).port}/tallygate`;
    const pool = openPool({ url, name: 'hangs', max: 1 });
    closeAfterTest(() => pool.end());
    const [alone, pooled] = await Promise.allSettled([openClient({ url, name: 'hangs' }), pool.query('select 1')]);
    for (const { status, reason } of [alone, pooled] as PromiseRejectedResult[])
      expect({ status, isAway: isAway(reason), isUnavailable: isUnavailable(reason) }).toEqual({
        status: 'rejected',
        isAway: true,
        isUnavailable: true,
      });
  });

  it('that has gone silent is given up, and the next statement has another one', async () => {
    const database = await openDatabase(closeAfterTest);
    const proxy = await openTcpProxy(targetOf(database.url));
    closeAfterTest(() => proxy.close());
    const pool = openPool({ url: proxy.url(database.url), name: 'silent', max: 1, answerWithinMs: 300 });
    closeAfterTest(() => pool.end());
    await pool.query('select 1');
    proxy.strand();
    await expect(pool.query('select 2')).rejects.toSatisfy(isUnavailable);
    expect((await pool.query('select 3 as three')).rows).toEqual([{ three: 3 }]);
  });
});
