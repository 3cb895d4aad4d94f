// `tallygate verify` beside the running service: it agrees with a ledger that nobody has touched, and finds every way in which
// one was tampered with. Triggers and grants forbid that; whoever owns the server can do it all the same.
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { installSite } from '../support/serviceProcess.ts';

const SITE_FILE = fileURLToPath(new URL('../../config/sites/dc1.yaml', import.meta.url));

/** What is done behind our back, and how it is undone. */
const TAMPERINGS: readonly (readonly [what: string, done: string, undone: string])[] = [
  [
    'a balance',
    "update balance set quantity = quantity + 1 where sku = 'NAILS' and quantity > 0",
    "update balance set quantity = quantity - 1 where sku = 'NAILS' and quantity > 0",
  ],
  [
    'a posting',
    "update posting set quantity = quantity + 1 where sku = 'NAILS' and quantity > 0",
    "update posting set quantity = quantity - 1 where sku = 'NAILS' and quantity > 0",
  ],
  ['who did it', "update transaction set actor = 'nobody'", "update transaction set actor = 'api'"],
];

it('agrees with what was derived, and names what was tampered with', async () => {
  const home = installSite(SITE_FILE);
  const service = await home.start();
  const adjustment = { site: 'DC1', sku: 'NAILS', quantity: 7, location: 'A-01-01', reason: 'counted' };
  await service.post('/v1/adjustments', adjustment);
  const database = await home.database();
  const verified = { code: 0, output: expect.stringContaining('DC1: the ledger is what the journal says') as string };
  expect(await home.run('verify')).toMatchObject(verified);
  for (const [what, done, undone] of TAMPERINGS) {
    await behindOurBack(done);
    expect({ what, ...(await home.run('verify')) }).toMatchObject({
      what,
      code: 1,
      output: expect.stringMatching(/DC1: DIFFERENT[^]+1 missing, 1 unexpected/) as string,
    });
    await behindOurBack(undone);
  }
  expect(await home.run('verify')).toMatchObject(verified);
  expect((await service.stop()).code).toBe(0);

  async function behindOurBack(statement: string): Promise<void> {
    const client = await database.connect();
    try {
      await client.query('set session_replication_role = replica'); // no triggers
      expect((await client.query(statement)).rowCount).toBe(1);
    } finally {
      await client.query('set session_replication_role = origin');
      client.release();
    }
  }
});
