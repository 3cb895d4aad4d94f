// Carriers as tallygate.yaml has them: described whole, with the secret that they need; what is wrong is named, with its line.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../../src/config/load.ts';
import { closeAfterTest } from '../../support/cleanUp.ts';

function load(yaml: string, environment: NodeJS.ProcessEnv = {}, isSending = true) {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-carriers-'));
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'sites'));
  writeFileSync(join(folder, 'sites', 's.yaml'), 'site: S');
  writeFileSync(join(folder, 'tallygate.yaml'), yaml);
  return loadConfiguration(folder, environment, () => [], isSending);
}

const REST = `carriers:
  - { id: VAN, kind: manual }
  - id: PARCELS
    kind: rest
    secretVariable: TALLYGATE_PARCELS
    headers: { authorization: "Bearer {secret}" }
    label: { url: "https://api.example/{carton}", body: { kg: "{weightKg}" }, answer: { tracking: id } }
`;

describe('carriers', () => {
  it('are taken as they are described, with a secret that is there', () => {
    const { service, warnings } = load(REST, { TALLYGATE_PARCELS: 'x' });
    expect(service.carriers).toMatchObject([{ id: 'VAN' }, { id: 'PARCELS', label: { answer: { tracking: 'id' } } }]);
    expect(warnings).toEqual([]);
  });

  it('need no secret where nothing is sent to them', () => {
    expect(load(REST, {}, false).service.carriers).toMatchObject([{ id: 'VAN' }, { id: 'PARCELS' }]);
  });

  it.each([
    [REST, /TALLYGATE_PARCELS: is named by a carrier in tallygate\.yaml, but is not set/],
    [REST.replace('{weightKg}', '{wieght}'), /tallygate\.yaml:\d+.*\{wieght\} is no placeholder/],
    [REST.replace('    secretVariable: TALLYGATE_PARCELS\n', ''), /\{secret\} is used, but no secretVariable/],
    [REST.replace('id: VAN', 'id: PARCELS'), /PARCELS is the name of another carrier/],
    [REST.replace('kind: manual', 'kind: pigeon'), /tallygate\.yaml:2: \/carriers\/0\/kind: .*manual/],
    [REST.replace('kind: manual', 'kind: manual, timeoutMs: 500'), /timeoutMs: only a carrier of the kind rest/],
    [REST.replace(', answer: { tracking: id }', ''), /tallygate\.yaml:7: \/carriers\/1\/label: lacks answer/],
    [REST.replace(/    label: .*\n/, ''), /tallygate\.yaml:3: \/carriers\/1: lacks label/],
  ])('that are wrong stop the start, with what is wrong', (yaml, told) => {
    expect(() => load(yaml)).toThrow(told);
  });
});
