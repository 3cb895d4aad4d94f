// The benchmark as a command: worked out in several processes, it says what one would, in its order, every time.
import { describe, expect, it, vi } from 'vitest';
import { cellsNamed } from '../../simulators/score/cells.ts';
import { scoreCell } from '../../simulators/score/simulated.ts';
import { simulatedJson } from '../../simulators/score/simulatedTable.ts';
import { scoreCommand } from '../../src/commands/score.ts';
import { scoreParts, type Part } from '../../src/commands/scoreParts.ts';
import { openReal } from '../support/scored.ts';

async function said(...args: string[]): Promise<string> {
  const parts: string[] = [];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => parts.push(String(text)) > 0);
  try {
    expect(await scoreCommand(args)).toBe(0);
  } finally {
    out.mockRestore();
  }
  return parts.join('');
}

describe('tallygate score', () => {
  it('scores cells side by side as one after the other', async () => {
    const cells = cellsNamed('1 tag alone');
    const { simulated, recorded } = JSON.parse(await said('--cells', '1 tag alone', '--seeds', '1', '--json'));
    const alone = cells.map((cell) => simulatedJson(scoreCell(cell, [1], openReal)));
    expect(simulated).toEqual(JSON.parse(JSON.stringify(alone)));
    expect(recorded).toHaveLength(3);
  });

  it('gives cases of installations and zones in their order, and tells of each that begins', async () => {
    const parts: Part[] = [
      { of: 'installation', name: 'antenna on the other side', seeds: [1] },
      { of: 'installation', name: 'sound zones, clean', seeds: [1] },
      { of: 'zones', name: 'clean', seeds: [1] },
    ];
    const begun: string[] = [];
    const scores = await scoreParts(parts, ({ name }) => begun.push(name));
    expect(scores).toMatchObject([{ name: parts[0]!.name }, { name: parts[1]!.name }, { level: 'clean' }]);
    expect(begun.toSorted()).toEqual(parts.map(({ name }) => name).toSorted());
  });

  it('says what it does not know', async () => {
    await expect(said('--cells', 'nowhere')).rejects.toThrow('No cell is named nowhere.');
    await expect(said('--seeds', 'one')).rejects.toThrow('--seeds: one is no list of whole numbers.');
  });
});
