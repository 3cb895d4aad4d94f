// Processes that look after their share once a second, each with a real writer on one Postgres: what they have are real locks.
import { beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import { sleep } from '../../src/kit/sleep.ts';
import { openWriter } from '../../src/post/writer.ts';
import { startShares } from '../../src/run/shares.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';
import { eventually, stays } from '../support/wait.ts';

const log = createLog({ style: 'silent' });
const SITES = Array.from({ length: 12 }, (_, index) => `S${String(index).padStart(2, '0')}`);

let database: TestDatabase;

beforeEach(async () => {
  database = await openDatabase(closeAfterTest);
});

interface TestProcess {
  readonly owned: Set<string>;
  /** Most sites that it was giving back at one time. */
  readonly givingMost: () => number;
  readonly defects: readonly unknown[];
  /** Holds what is being given back until it is called. */
  readonly letGo: () => void;
  /** Ends as one that is killed: its locks are free. */
  readonly end: () => Promise<void>;
}

/** Started: the first look is done. */
async function startProcess(name: string, { holds = false, allSites = () => Promise.resolve(SITES) } = {}) {
  const stopped = new AbortController();
  const owned = new Set<string>();
  const defects: unknown[] = [];
  let letGo: () => void = () => {};
  const may = holds ? new Promise<void>((resolve) => (letGo = resolve)) : Promise.resolve();
  let giving = 0;
  let givingMost = 0;
  const writer = openWriter({
    database: { ...database.options, name },
    log,
    sleep: (ms) => sleep(ms, stopped.signal),
    onCommit: () => {},
    onLost: (site) => owned.delete(site),
  });
  const end = async (): Promise<void> => {
    letGo();
    stopped.abort();
    await writer.close();
  };
  closeAfterTest(end);
  await startShares({
    allSites,
    share: (sites) => writer.share(sites),
    owned: () => [...owned],
    async take(site) {
      if (await writer.own(site)) owned.add(site);
    },
    async giveBack(site) {
      givingMost = Math.max(givingMost, ++giving);
      await may;
      owned.delete(site);
      await writer.release(site);
      giving--;
    },
    onDefect: (error) => defects.push(error),
    signal: stopped.signal,
    log,
  });
  const process: TestProcess = { owned, givingMost: () => givingMost, defects, letGo, end };
  return process;
}

describe('processes', () => {
  it('have each its share once they rest: who starts takes what is free, who joins is given some, who stays takes over', async () => {
    const first = await startProcess('first');
    expect([...first.owned].toSorted()).toEqual(SITES);
    const second = await startProcess('second');
    expect(second.owned.size).toBe(0);
    await eventually('each has half', () => first.owned.size === 6 && second.owned.size === 6);
    expect([...first.owned, ...second.owned].toSorted()).toEqual(SITES);
    await stays('they rest', () => first.owned.size === 6 && second.owned.size === 6, 2500);
    await first.end();
    await eventually('the other one has all', () => second.owned.size === 12);
    expect([...first.defects, ...second.defects]).toEqual([]);
  });

  it('give several sites back at a time: none waits for the goodbye of all before it', async () => {
    const first = await startProcess('first', { holds: true });
    const second = await startProcess('second');
    await eventually('all six are on their way', () => first.givingMost() === 6);
    first.letGo();
    await eventually('each has half', () => first.owned.size === 6 && second.owned.size === 6);
  });

  it('are ended by a defect in the first look, or told of one in a later one', async () => {
    const broken = new Error('no such column');
    await expect(startProcess('first', { allSites: () => Promise.reject(broken) })).rejects.toBe(broken);
    let looks = 0;
    const second = await startProcess('second', {
      allSites: () => (looks++ === 0 ? Promise.resolve(SITES) : Promise.reject(broken)),
    });
    await eventually('it is told', () => second.defects[0] === broken);
  });
});
