// A new release on the data of a former one: it goes on from exactly what that one posted, says so, and `verify` begins there. Where it
// cannot go on it does not start, and says what to do.
import { describe, expect, it } from 'vitest';
import { releaseText } from '../../src/calibrate/release.ts';
import { differencesAt } from '../../src/commands/differences.ts';
import { DECIDER } from '../../src/infer/infer.ts';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import type { LedgerHead } from '../../src/post/verifyChain.ts';
import { verifySite, type Verification } from '../../src/post/verifyLedger.ts';
import { tamper } from '../support/database.ts';
import { openEngine, type TestEngine } from '../support/engine.ts';
import { crossing, envelope, epcOf, lying, readEntries, type ReadSpec } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

const silent = createLog({ style: 'silent' });
const START = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const MINUTE_MS = 60_000;
const pallet = Array.from({ length: 10 }, (_, index) => epcOf(index + 1));
const shelved = epcOf(77);

const send = async (service: TestEngine, seq: number, reads: readonly ReadSpec[]): Promise<void> => {
  const inOrder = [...reads].sort((a, b) => a.at - b.at);
  const peer = await service.connect();
  const body = envelope({ seq, sentAt: inOrder.at(-1)!.at + 20_000 }, { reads: readEntries(inOrder) });
  await peer.untilAcknowledged(peer.publish('tallygate/v1/T1/gw-1/envelope', body));
  await service.posted();
};

const movements = (service: TestEngine) =>
  service.database.rows<{ epc: string; from_location: string; to_location: string }>(
    'select epc, from_location, to_location from transaction order by journal_offset, ordinal',
  );
const placeOf = async ({ database }: TestEngine, epc: string): Promise<string | undefined> => {
  const [item] = await database.rows<{ location: string }>('select location from item where epc = $1', [epc]);
  return item?.location;
};
const verified = ({ database }: TestEngine, ...kept: readonly LedgerHead[]): Promise<Verification> =>
  verifySite(database.url, 'T1', openJournal(database.pool, silent), silent, kept);

/** A pallet came in, and a tag lies in aisle A; the service was stopped in an orderly way. */
async function formerRelease(): Promise<TestEngine> {
  const former = await openEngine();
  await send(former, 1, [...crossing(pallet, 'in', START), ...lying([shelved], 'over-a', START, 60)]);
  await send(former, 2, lying([shelved], 'over-a', START + 2 * MINUTE_MS, 60));
  await eventually(
    'all is where it is',
    async () => (await placeOf(former, shelved)) === 'A' && (await placeOf(former, pallet[9]!)) === 'DOCK',
  );
  await former.stop();
  return former;
}

const was = ({ database }: TestEngine, head: { readonly decider: number; readonly shape?: number }): Promise<unknown> =>
  database.rows(
    `with since as (update decider_since set decider = $1) update snapshot set decider = $1, shape = coalesce($2, shape)`,
    [head.decider, head.shape ?? null],
  );

describe('a new release', () => {
  it.each([
    { what: 'with the signal as it was kept', shape: undefined },
    { what: 'that keeps the signal in another form', shape: 99 },
  ])('goes on from what the former one posted, $what', async ({ shape }) => {
    const former = await formerRelease();
    const { head } = await verified(former);
    await was(former, { decider: DECIDER - 1, ...(shape === undefined ? {} : { shape }) });
    const before = await movements(former);
    const cursor = await former.database.value('select journal_offset from cursor');
    await expect(verified(former)).rejects.toThrow(`decider ${DECIDER - 1}; this one has ${DECIDER}`);

    const next = await openEngine({ after: former });
    expect(next.log.find(({ msg }) => msg.startsWith('a new release decides from here on'))).toMatchObject({
      site: 'T1',
      offset: cursor,
      decider: DECIDER,
      former: DECIDER - 1,
    });
    expect(await verified(next)).toMatchObject({ from: cursor, differences: [] });
    // Still there, heard again: nothing moved. Then it does.
    await send(next, 3, lying([shelved], 'over-a', START + 5 * MINUTE_MS, 60));
    expect(await movements(next)).toEqual(before);
    await send(next, 4, [
      ...lying([shelved], 'over-b', START + 10 * MINUTE_MS, 120),
      ...crossing(pallet, 'out', START + 12 * MINUTE_MS),
    ]);
    await send(next, 5, lying([shelved], 'over-b', START + 14 * MINUTE_MS, 60));
    await eventually('it is in the other aisle', async () => (await placeOf(next, shelved)) === 'B');
    const since = (await movements(next)).slice(before.length);
    expect(since).toContainEqual({ epc: shelved, from_location: 'A', to_location: 'B' });
    expect(since.filter(({ from_location }) => from_location === 'DOCK')).toHaveLength(pallet.length);
    // Its chain goes on over both.
    expect(await verified(next, head!)).toMatchObject({
      from: cursor,
      head: { transactions: before.length + since.length },
      differences: [],
    });
    expect(
      await next.database.rows('select journal_offset, decider from decider_since order by journal_offset'),
    ).toEqual([
      { journal_offset: 0, decider: DECIDER - 1 },
      { journal_offset: cursor, decider: DECIDER },
    ]);
    await next.stop();
    const again = await openEngine({ after: next });
    expect(again.log.some(({ msg }) => msg.startsWith('a new release'))).toBe(false);
    expect(await movements(again)).toHaveLength(before.length + since.length);
  });

  it('goes on without a last snapshot when it decides as the former one did', async () => {
    const former = await formerRelease();
    const before = await movements(former);
    await former.database.rows('with parts as (delete from snapshot_part) delete from snapshot');
    const next = await openEngine({ after: former });
    await send(next, 3, lying([shelved], 'over-a', START + 5 * MINUTE_MS, 60));
    expect(await movements(next)).toEqual(before);
    expect(await verified(next)).toMatchObject({ from: 0, differences: [] });
  });

  it('chains what the former one has posted since the database was brought to this version', async () => {
    const former = await formerRelease();
    await tamper(former.database, 'delete from chain');
    expect(await verified(former)).toMatchObject({ head: null, differences: [{ what: 'chain' }] });
    const next = await openEngine({ after: former });
    const transactions = (await movements(next)).length;
    expect(next.log.find(({ msg }) => msg.startsWith('transactions had no link'))).toMatchObject({
      site: 'T1',
      transactions,
    });
    expect(await verified(next)).toMatchObject({ head: { transactions }, differences: [] });
  });

  it('sums what the former one has posted since the database was brought to this version', async () => {
    const former = await formerRelease();
    await former.database.rows('with sums as (delete from site_flow) update cursor set summed_offset = 0');
    expect(await verified(former)).toMatchObject({
      differences: [{ what: 'what moved by the hour against postings' }],
    });
    const next = await openEngine({ after: former });
    expect(next.log.find(({ msg }) => msg.startsWith('what a former release posted'))).toMatchObject({ site: 'T1' });
    expect(await verified(next)).toMatchObject({ differences: [] });
  });

  it('does not start without a last snapshot when it decides otherwise, and says what to do', async () => {
    const former = await formerRelease();
    await former.database.rows('with parts as (delete from snapshot_part) delete from snapshot');
    await tamper(former.database, 'delete from transaction where epc = $1', [shelved]);
    await expect(openEngine({ after: former })).rejects.toThrow(
      /Site T1: the former release ended without a last snapshot.*Start the former release once, stop it with SIGTERM/,
    );
  });

  it('leaves alone what a newer one, or one too old, has derived', async () => {
    const former = await formerRelease();
    await was(former, { decider: DECIDER + 1 });
    await expect(openEngine({ after: former })).rejects.toThrow(
      /derived by a newer release .* Start that release, or a newer one/,
    );
    await was(former, { decider: 3, shape: 0 });
    await expect(openEngine({ after: former })).rejects.toThrow(/cannot go on from\. Start a release in between once/);
  });

  it('tells what it would have decided otherwise of what the former one decided, and leaves that as it is', async () => {
    const former = await formerRelease();
    const [undecided, missed, ours] = pallet;
    await tamper(
      former.database,
      `update passage set outcome = 'undecided', probability = 0.7 where epc = '${undecided}'`,
    );
    await tamper(former.database, `delete from passage where epc = '${missed}'`);
    await tamper(
      former.database,
      `update passage set outcome = 'out', leading_outcome = 'out', decided_by = 'kim' where epc = '${ours}'`,
    );
    await was(former, { decider: DECIDER - 1 });
    const next = await openEngine({ after: former });
    const report = await differencesAt(next.database.pool, openJournal(next.database.pool, silent), 'T1');
    expect(report).toMatchObject({ site: 'T1', from: 0, decider: DECIDER });
    expect(report.since.map(({ decider }) => decider)).toEqual([DECIDER - 1]);
    expect(
      report.differences.map(({ epc, decider, before, after }) => [epc, decider, before?.outcome, after?.outcome]),
    ).toEqual(
      expect.arrayContaining([
        [undecided, DECIDER - 1, 'undecided', 'in'],
        [missed, undefined, undefined, 'in'],
      ]),
    );
    expect(report.differences).toHaveLength(2);
    const text = releaseText(report);
    expect(text).toContain(`by decider ${DECIDER - 1}, decided again by this release (decider ${DECIDER})`);
    expect(text).toMatch(/2 passages would be decided otherwise/);
    expect(text).toMatch(/undecided, most likely in → in +DOOR +\d+ +1/);
    expect(text).toMatch(/none → in +DOOR +– +1/);
    expect(await next.database.value(`select outcome from passage where epc = '${undecided}'`)).toBe('undecided');
  });
});
