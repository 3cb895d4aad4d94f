// The command from beginning to end: simulated traffic to a file, what was learned of it into a site file, and that file in use.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { simulateCommand } from '../../simulators/simulate.ts';
import { calibrateCommand } from '../../src/commands/calibrate.ts';
import { loadSite } from '../../src/config/load.ts';
import { formatOf } from '../../src/wire/formats/formats.ts';

const DEMO = fileURLToPath(new URL('../../config/sites/dc1.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tallygate-calibrate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

/** What it said on standard output, and whether it was content. */
async function run(command: (args: string[]) => Promise<number>, ...args: string[]): Promise<string> {
  const said: string[] = [];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    expect(await command(args)).toBe(0);
    return said.join('');
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}
const calibrate = (...args: string[]): Promise<string> => run(calibrateCommand, ...args);
const given = (name: string): string[] => ['--site', file('site.yaml'), '--in', file(`${name}.ndjson`)];

beforeAll(async () => {
  const out = (name: string): string[] => ['--out', file(`${name}.ndjson`), '--truth', file(`${name}.truth`)];
  await run(simulateCommand, '--level', 'clean', '--seed', '4', '--minutes', '12', ...out('clean'));
  await run(simulateCommand, '--level', 'clean', '--seed', '4', '--minutes', '1', ...out('short'));
});

const fresh = (): string => {
  cpSync(DEMO, file('site.yaml'));
  return readFileSync(DEMO, 'utf8');
};

describe('tallygate calibrate', () => {
  it('shows what it would write, and writes nothing unasked', async () => {
    const before = fresh();
    const said = await calibrate(...given('clean'));
    expect(said).toMatch(/^DC1: learned from \d+ reads/);
    expect(said).toContain('Learned and compared on the same reads');
    expect(said).toMatch(/DOOR-1: \d+ tags surely crossed/);
    expect(said).toMatch(/ {2}DOOR-2:\n {4}calibration:\n {6}loads: \d+/);
    expect(said).toContain('Nothing was written');
    expect(readFileSync(file('site.yaml'), 'utf8')).toBe(before);
  });

  it('with a truth learns on one half and tells scores on the other', async () => {
    fresh();
    const { learned, compared, survey } = JSON.parse(
      await calibrate(...given('clean'), '--truth', file('clean.truth'), '--json'),
    ) as {
      learned: { to: string; calibrations: Record<string, { readsPerSecond: number }> };
      compared: {
        from: string;
        isHeldOut: boolean;
        measured: Record<
          'before' | 'after',
          { leading: { right: number; wrong: number; missed: number }; reliability: unknown[] }
        >;
      };
      survey: { id: string; bothSides: number; crossings: number; antennas: unknown[] }[];
    };
    expect(compared).toMatchObject({ isHeldOut: true, from: learned.to });
    expect(compared.measured.after.leading.right).toBeGreaterThan(50);
    for (const { leading } of [compared.measured.before, compared.measured.after])
      expect(leading.right / (leading.right + leading.wrong + leading.missed)).toBeGreaterThan(0.8);
    expect(compared.measured.after.reliability).toHaveLength(7);
    // NOISE.md: what clean air gives.
    for (const { readsPerSecond } of Object.values(learned.calibrations)) expect(readsPerSecond).toBeGreaterThan(0.6);
    for (const { antennas, bothSides, crossings } of survey) {
      expect(antennas).toHaveLength(4);
      expect(bothSides / Math.max(1, crossings)).toBeGreaterThan(0.9);
    }
  });

  it('writes it into the site file and leaves every other line as it is; the file loads, and decides', async () => {
    const before = fresh();
    await calibrate(...given('clean'), '--write');
    const text = readFileSync(file('site.yaml'), 'utf8');
    expect(text.replaceAll(/^ {4}calibration:\n(?: {6}.*\n)*/gm, '')).toBe(before);
    const { file: site, problems } = loadSite('site.yaml', text, formatOf);
    expect(problems).toEqual([]);
    const doors = site!.readPoints!.filter((point) => point.kind === 'portal');
    expect(doors.map(({ calibration }) => calibration!.loads >= 5)).toEqual([true, true]);
    // Once more begins anew and learns the same from the same; by now nothing is decided otherwise.
    const { compared } = JSON.parse(await calibrate(...given('clean'), '--json', '--out', file('again.yaml'))) as {
      compared: { decidedOtherwise: number; before: { posted: number } };
    };
    expect(compared).toMatchObject({ decidedOtherwise: 0 });
    expect(compared.before.posted).toBeGreaterThan(150);
    expect(readFileSync(file('again.yaml'), 'utf8')).toBe(text);
  });

  it.each([
    ['too little traffic', () => given('short'), /Too little surely crossed to learn from: .*DOOR-1 .*Record longer/],
    ['nothing said', () => [], /calibrate needs --site and --in/],
    ['standard input', () => ['--site', file('site.yaml'), '--in', '-'], /must be a file/],
    ['no such recording', () => given('nowhere'), /nowhere\.ndjson cannot be read/],
    [
      'a number that is none',
      () => [...given('short'), '--false-move', '0'],
      /--false-move: 0 is no whole number from 1 to 1000/,
    ],
    ['two places to write', () => [...given('short'), '--write', '--out', 'x'], /not both/],
    ['a truth of nothing', () => [...given('short'), '--truth', file('site.yaml')], /site\.yaml:1 is not JSON/],
  ])('%s is refused, and says why', async (_, args, message) => {
    fresh();
    await expect(calibrateCommand(args())).rejects.toThrow(message);
  });
});
