// kill -9, again and again, at any moment, while the broker comes and goes and receipts are lost: whatever was in the outbox
// arrives, once, in the bytes that it had.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { scanFrames } from '../../gateway/frame.ts';
import type { EnvelopeMessage } from '../../src/wire/envelope.ts';
import { openService, type Service } from '../unit/gateway/service.ts';
import { afterTest, newFolder } from '../unit/gateway/support.ts';

const KILLS = 24;
/** A busy machine stores less before each kill: it gets more lives. */
const KILLS_MOST = 4 * KILLS;
const ENVELOPES_LEAST = KILLS * 20;
const NUMBERS_A_LIFE = 1_000_000;

it(
  'loses nothing that was in the outbox, and sends nothing twice under another number',
  { timeout: 60_000 },
  async () => {
    const program = join(newFolder(), 'child.mjs');
    await bundle(program);
    const folder = join(newFolder(), 'outbox');
    const service = await openService();
    service.losesReceipt = () => Math.random() < 0.5;

    const stored = new Map<string, string>();
    const changed: string[] = [];
    for (let life = 1; life <= KILLS || (stored.size <= ENVELOPES_LEAST && life <= KILLS_MOST); life++) {
      const child = startGateway(program, folder, service, String(life * NUMBERS_A_LIFE));
      // Mostly under load, now and then while it is still starting.
      if (life % 6 !== 0) await once(child.stdout!, 'data');
      if (life % 5 === 0) await service.goAway();
      await delay(Math.random() * 200);
      if (life % 5 === 0) await service.comeBack();
      await kill(child);
      for (const [key, bytes] of framesIn(folder)) {
        expect(stored.get(key) ?? bytes, `${key} has other bytes than before`).toBe(bytes);
        stored.set(key, bytes);
      }
    }
    service.losesReceipt = () => false;
    const [exitCode] = (await once(startGateway(program, folder, service, '0', 'last'), 'exit')) as [number];
    expect(exitCode).toBe(0);

    expect(stored.size).toBeGreaterThan(ENVELOPES_LEAST);
    expect(changed).toEqual([]);
    expect([...stored.keys()].filter((key) => service.envelopes.get(key) !== stored.get(key))).toEqual([]);
    expect(service.conflicts).toEqual([]);
    expect(service.gaps.size).toBe(0);
    const epochs = new Set([...service.envelopes.keys()].map((key) => key.split('/')[0]));
    expect(epochs.size).toBe(1);
    expectEachNumberOnce(service);
  },
);

/** Of each life what arrived is the beginning of what its reader said, every number once. */
function expectEachNumberOnce(service: Service): void {
  const lives = new Map<number, number[]>();
  for (const value of service.values()) {
    const life = Math.floor(value / NUMBERS_A_LIFE);
    const values = lives.get(life) ?? [];
    lives.set(life, values);
    values.push(value);
  }
  expect(lives.size).toBeGreaterThan(KILLS / 2);
  for (const [life, values] of lives) {
    values.sort((a, b) => a - b);
    expect(values).toEqual(values.map((_, index) => life * NUMBERS_A_LIFE + index));
  }
}

function startGateway(program: string, folder: string, service: Service, ...rest: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [program, folder, service.url, ...rest], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  afterTest(() => kill(child));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Every whole envelope on disk, by epoch and number. */
function framesIn(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    for (const { seq, body } of scanFrames(readFileSync(join(folder, name))).frames) {
      if (seq === 0) continue;
      const text = body.toString('utf8');
      const { epoch } = JSON.parse(text) as EnvelopeMessage;
      found.set(`${epoch}/${seq}`, text);
    }
  }
  return found;
}

/** One file, so that a process is up in a tenth of a second. */
async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, '../unit/gateway/child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
}
