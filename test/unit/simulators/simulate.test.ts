import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { parseSettings } from '../../../simulators/settings.ts';
import { simulateCommand } from '../../../simulators/simulate.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallygate-simulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);
const lines = (name: string): Record<string, unknown>[] =>
  readFileSync(file(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Exit code and what it said. */
async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const hear = (text: unknown): boolean => said.push(String(text)) > 0;
  const spies = [process.stderr, process.stdout].map((stream) => vi.spyOn(stream, 'write').mockImplementation(hear));
  try {
    return { code: await simulateCommand(args), said: said.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('tallygate simulate', () => {
  it('writes reads and truth, the same for the same seed', async () => {
    const once = ['--seed', '7', '--minutes', '2'];
    expect(await run(...once, '--out', file('a.ndjson'), '--truth', file('a.truth'))).toMatchObject({ code: 0 });
    await run(...once, '--out', file('b.ndjson'), '--truth', file('b.truth'));
    for (const kind of ['ndjson', 'truth']) {
      expect(readFileSync(file(`a.${kind}`)).equals(readFileSync(file(`b.${kind}`)))).toBe(true);
    }
    expect(lines('a.ndjson')[0]).toMatchObject({
      site: 'DC1',
      gateway: 'gw-1',
      v: 1,
      seq: 1,
      receivedAt: expect.any(String),
    });
    expect(lines('a.truth')[0]).toMatchObject({ from: 'world', kind: 'received', movement: true });
  });

  it('goes on where the last run ended', async () => {
    const part = (name: string) => [
      '--minutes',
      '4',
      '--state',
      file('state.json'),
      '--out',
      file(`${name}.ndjson`),
      '--truth',
      file(`${name}.truth`),
    ];
    await run(...part('first'));
    await run(...part('second'));
    const [first, second] = [lines('first.ndjson'), lines('second.ndjson')];
    expect(second[0]).toMatchObject({ epoch: first[0]!.epoch, seq: (first.at(-1)!.seq as number) + 1 });
    const places = new Map<unknown, unknown>();
    const jumps = [...lines('first.truth'), ...lines('second.truth')].filter((line) => {
      const before = places.get(line.epc) ?? line.from;
      places.set(line.epc, line.to);
      return line.from !== before;
    });
    expect(jumps).toEqual([]);
    expect(String(lines('second.truth')[0]!.at) > '2026-01-05T08:04:00').toBe(true);
    writeFileSync(file('state.json'), '{}');
    expect((await run(...part('third'))).said).toContain('delete it to begin anew');
  });

  it('plays a recording again, later, with faults', async () => {
    await run('--seed', '7', '--minutes', '2', '--out', file('c.ndjson'));
    const { said } = await run(
      '--replay',
      file('c.ndjson'),
      '--shift',
      '--faults',
      'duplicate=0.5',
      '--out',
      file('d.ndjson'),
    );
    expect(said).toContain('messages');
    const [before, after] = [lines('c.ndjson'), lines('d.ndjson')];
    expect(after.length).toBeGreaterThan(before.length * 1.3);
    expect(new Set(after.map((line) => line.seq))).toEqual(new Set(before.map((line) => line.seq)));
    expect(after[0]!.epoch).not.toBe(before[0]!.epoch);
  });

  it('turns an ItemTest log into envelopes, under the names it is given', async () => {
    const log = new URL('../../data/dock-door/run-1m.csv', import.meta.url).pathname;
    const names = '1=door-1/3,2=door-1/4,3=door-1/1,4=door-1/2';
    const { said } = await run('--replay', log, '--reader', names, '--out', file('e.ndjson'));
    expect(said).toContain('21565 reads');
    const reads = lines('e.ndjson').flatMap(
      (line) => line.reads as { reader: string; antenna: number; seenAt: string }[],
    );
    expect(reads).toHaveLength(21_565);
    expect(reads[0]).toMatchObject({ reader: 'door-1', antenna: 3, seenAt: '2023-01-06T16:01:31.242968Z' });
    const without = await run('--replay', log, '--out', file('f.ndjson'));
    expect(without).toMatchObject({ code: 1 });
    expect(without.said).toContain('--reader door-1');
  });

  it('says which devices a site file lacks for messages of readers', async () => {
    const { code, said } = await run('--minutes', '0.5', '--format', 'zebra-iotc', '--out', file('g.ndjson'));
    expect(code).toBe(0);
    expect(said).toContain('- { id: door-1, format: zebra-iotc, topic: zebra/door-1/data }');
    expect(lines('g.ndjson').some((line) => line.topic === 'zebra/door-1/data')).toBe(true);
  });

  it('explains itself', async () => {
    const { code, said } = await run('--help');
    expect(code).toBe(0);
    for (const option of [
      '--site',
      '--level',
      '--seed',
      '--minutes',
      '--replay',
      '--faults',
      '--truth',
      '--speed',
      '--mqtt',
    ]) {
      expect(said).toContain(option);
    }
  });

  it.each([
    [[], 'say where the messages go'],
    [['--out', 'x', '--level', 'loud'], 'is not one of clean, typical, hostile'],
    [['--out', 'x', '--format', 'morse'], 'is not one of envelope, site, zebra-iotc, impinj-iot'],
    [['--out', 'x', '--seed', 'seven'], '--seed "seven" is no number'],
    [['--out', 'x', '--minutes', '0'], '--minutes "0" is no number'],
    [['--out', 'x', '--speed', '-1'], '--speed'],
    [['--out', 'x', '--start', 'noon'], 'is no time like'],
    [['--out', 'x', '--shift'], 'belong to --replay'],
    [['--out', 'x', '--replay', 'r', '--truth', 't'], 'a recording has no truth'],
    [['--out', 'x', '--replay', 'r', '--state', 's'], 'a recording has no state'],
    [['--out', 'x', '--replay', 'r', '--reader', '1=a'], 'is neither door-1 nor'],
    [['--out', 'x', '--faults', 'loss=2'], 'loss is a share'],
    [['--out', 'x', '--sneed', '1'], '--sneed'],
    [['--mqtt', 'mqtt://127.0.0.1', '--speed', '10'], 'needs --minutes'],
    [['--out', '/nowhere/at/all.ndjson', '--minutes', '1'], 'cannot be written'],
    [['--out', 'x', '--site', 'nowhere.yaml'], 'nowhere.yaml cannot be read'],
    [['--out', '-', '--replay', 'nowhere.ndjson'], 'nowhere.ndjson cannot be read'],
  ])('refuses %j', async (args, reason) => {
    const { code, said } = await run(...args);
    expect(code).toBe(1);
    expect(said).toContain(reason);
  });
});

const gatewayOf = (text: string) => parseSettings(['--out', 'x', '--gateway', text])!.gatewayOf;

describe('settings', () => {
  it('have the defaults that the help names', () => {
    expect(parseSettings(['--out', 'x'])).toMatchObject({
      level: 'typical',
      seed: 1,
      durationMs: 600_000,
      startAt: undefined,
      speed: Infinity,
      format: 'envelope',
    });
    expect(parseSettings(['--mqtt', 'mqtt://x'])).toMatchObject({ durationMs: Infinity, startAt: undefined, speed: 1 });
    expect(parseSettings(['--help'])).toBeUndefined();
  });

  it('assign readers to gateways', () => {
    expect(gatewayOf('gw-9')('door-1')).toBe('gw-9');
    expect(gatewayOf('door-1=gw-a,over-a=gw-b')('over-a')).toBe('gw-b');
    expect(gatewayOf('door-1=gw-a')('door-2')).toBe('gw-1');
    expect(() => gatewayOf('door-1=')).toThrow('--gateway is');
  });
});
