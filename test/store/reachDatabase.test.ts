// Commands beside the service look at its data, wherever they are run.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import { reachDatabase } from '../../src/store/reachDatabase.ts';
import { closeAfterTest } from '../support/cleanUp.ts';

it('where no service ever ran a command says so, and makes no database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-reach-'));
  closeAfterTest(() => rmSync(folder, { recursive: true, force: true }));
  const reaching = reachDatabase(undefined, folder, createLog({ style: 'silent' }));
  await expect(reaching).rejects.toMatchObject({ code: 'no-data', message: expect.stringContaining(folder) });
  expect(readdirSync(folder)).toEqual([]);
});
