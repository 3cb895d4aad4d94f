import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openPool } from '../../../src/store/database.ts';
import { openMetrics } from '../../../src/watch/metrics.ts';
import { closeAfterTest } from '../../support/cleanUp.ts';
import { freePort } from '../../support/freePort.ts';

async function openMuteServer(): Promise<number> {
  const server = createServer((socket) => closeAfterTest(() => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterTest(() => server.close());
  return (server.address() as AddressInfo).port;
}

it.each([
  ['away', freePort],
  ['silent', openMuteServer],
])('while Postgres is %s the figures of its tables are left out, and the others are there', async (_how, open) => {
  const pool = openPool({ url: `postgres://nobody@127.0.0.1:${await open()}/nothing`, name: 'away', max: 3 });
  closeAfterTest(() => pool.end());
  const metrics = openMetrics(pool, 'postgres');
  metrics.looked(0.2);
  const text = await metrics.text();
  expect(text).toContain('tallygate_alert_look_seconds_count 1');
  expect(text).not.toMatch(/^tallygate_alert(?:s|_deliveries|_channel_failing)\{/m);
});
