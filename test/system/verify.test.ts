// `tallygate verify` beside the running service: it agrees with a ledger that nobody has touched, and finds every way in which
// one was tampered with. Triggers and grants forbid that; whoever owns the server can do it all the same, and make the hash chain
// anew: then a head of it that was kept elsewhere tells.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { installSite } from '../support/serviceProcess.ts';

const SITE_FILE = fileURLToPath(new URL('../../config/sites/dc1.yaml', import.meta.url));

/** What is done behind our back, and how it is undone. */
const TAMPERINGS: readonly (readonly [what: string, done: string, undone: string, expected: RegExp])[] = [
  [
    'a balance',
    "update balance set quantity = quantity + 1 where sku = 'NAILS' and quantity > 0",
    "update balance set quantity = quantity - 1 where sku = 'NAILS' and quantity > 0",
    /DC1: DIFFERENT[^]+ {2}balance: 1 missing, 1 unexpected/,
  ],
  [
    'a posting',
    "update posting set quantity = quantity + 1 where sku = 'NAILS' and quantity > 0",
    "update posting set quantity = quantity - 1 where sku = 'NAILS' and quantity > 0",
    /DC1: DIFFERENT[^]+ {2}chain: 1 missing[^]+ {2}posting: 1 missing, 1 unexpected/,
  ],
  [
    'who did it',
    "update transaction set actor = 'nobody'",
    "update transaction set actor = 'api'",
    /DC1: DIFFERENT[^]+ {2}chain: 1 missing[^]+ {2}transaction: 1 missing, 1 unexpected/,
  ],
];

/** The one link that there is, made anew of what the ledger says now. */
const CHAIN_ANEW = `update chain c set hash = link_hash(null, c.site, c.journal_offset, c.transactions, c.recorded_at,
  (select array_agg(d.digest order by d.journal_offset, d.ordinal) from ledger_digest d where d.site = c.site))`;

it('agrees with what was derived, and names what was tampered with', async () => {
  const home = installSite(SITE_FILE);
  const service = await home.start();
  const adjustment = { site: 'DC1', sku: 'NAILS', quantity: 7, location: 'A-01-01', reason: 'counted' };
  await service.post('/v1/adjustments', adjustment);
  const database = await home.database();
  expect(await home.run('verify')).toMatchObject({
    code: 0,
    output: expect.stringMatching(
      /DC1: the ledger is what the journal says[^]+\n {2}head: row \d+, 1 transactions, [0-9a-f]{64}\n/,
    ) as string,
  });
  for (const [what, done, undone, expected] of TAMPERINGS) {
    await behindOurBack(done);
    expect({ what, ...(await home.run('verify')) }).toMatchObject({
      what,
      code: 1,
      output: expect.stringMatching(expected) as string,
    });
    await behindOurBack(undone);
  }

  const { items } = await service.get<{ items: object[] }>('/v1/ledger-heads?site=DC1');
  const heads = join(home.folder, 'heads.ndjson');
  writeFileSync(heads, `${JSON.stringify(items[0])}\n`);
  const asked = await home.run('verify', '--heads', heads, '--json');
  expect({ code: asked.code, found: JSON.parse(asked.output) as unknown }).toMatchObject({
    code: 0,
    found: [{ site: 'DC1', head: { ...items[0], recordedAt: expect.any(String) as string }, differences: [] }],
  });
  await behindOurBack("update transaction set actor = 'nobody'");
  await behindOurBack(CHAIN_ANEW);
  const rewritten = await home.run('verify', '--heads', heads);
  expect(rewritten).toMatchObject({
    code: 1,
    output: expect.stringMatching(/kept heads: 1 missing[^]+the history before it was rewritten, or/) as string,
  });
  expect(rewritten.output).not.toContain('chain: ');

  writeFileSync(heads, `${JSON.stringify(items[0])}\n{"site":"DC1","journalOffset":1,"hash":"zz"}\n`);
  for (const [file, told] of [
    [heads, `--heads: ${heads}:2: hash: must be 64 hex digits.`],
    [`${heads}.not`, `--heads: ${heads}.not cannot be read`],
  ] as const)
    expect(await home.run('verify', '--heads', file)).toEqual({
      code: 1,
      output: expect.stringContaining(`tallygate verify: ${told}`) as string,
    });
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
}, 240_000);
