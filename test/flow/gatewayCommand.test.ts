// `tallygate gateway` from its arguments to its exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, vi } from 'vitest';
import { gatewayCommand } from '../../gateway/command.ts';
import { lockInstance } from '../../src/store/instanceLock.ts';
import { GATEWAY, openService, SITE, until } from '../unit/gateway/service.ts';
import { afterTest, newFolder, type LogLine } from '../unit/gateway/support.ts';

const parts = { version: '1.2.3', lock: (folder: string) => lockInstance(folder, 'gateway') };
const argsFor = (url: string, folder: string, ...rest: readonly string[]): string[] => [
  '--site',
  SITE,
  '--id',
  GATEWAY,
  '--mqtt',
  url,
  '--outbox',
  folder,
  '--log-level',
  'error',
  ...rest,
];

const line = (value: number): string =>
  `${JSON.stringify({ device: 'scale', name: 'weight', value, at: '2026-11-23T12:00:00Z' })}\n`;
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

it('replays a file and ends when the service has everything', async () => {
  const service = await openService();
  const folder = newFolder();
  const file = join(folder, 'reads.ndjson');
  writeFileSync(file, range(2000).map(line).join(''));
  const args = argsFor(service.url, join(folder, 'outbox'), '--reader', 'file', '--in', file, '--speed', 'max');
  expect(await gatewayCommand(args, parts)).toBe(0);
  expect(service.values()).toEqual(range(2000));
  expect(service.envelopes.size).toBeLessThan(20); // up to 500 entries each
  expect(service.statuses.at(-1)).toBe('{"online":false}');
});

it('explains itself', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    expect(await gatewayCommand(['--help'], parts)).toBe(0);
    expect(write.mock.calls.join('')).toContain('--outbox-max SIZE');
  } finally {
    write.mockRestore();
  }
});

it(
  'runs until it is told to stop, alone in its folder, and tells what a person needs',
  { timeout: 20_000 },
  async () => {
    const service = await openService();
    const folder = join(newFolder(), 'outbox');
    const program = join(import.meta.dirname, '../unit/gateway/commandChild.ts');
    const args = argsFor(service.url, folder, '--log-level', 'info', '--reader', 'tcp', '--port', '0');
    const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    afterTest(() => (child.exitCode === null ? child.kill('SIGKILL') : undefined));
    const told: LogLine[] = [];
    createInterface({ input: child.stdout }).on('line', (text) => told.push(JSON.parse(text) as LogLine));
    await until(
      () => told.some(({ port }) => port !== undefined) && told.some(({ msg }) => msg.startsWith('connected')),
      15_000,
    );

    const second = gatewayCommand(argsFor(service.url, folder, '--reader', 'tcp'), parts);
    await expect(second).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining(`process ${child.pid}`) as string,
    });

    const socket = connect({ port: told.find(({ port }) => port !== undefined)!['port'] as number, host: '127.0.0.1' });
    socket.on('error', () => undefined).write(range(10).map(line).join(''));
    await until(() => service.values().length === 10);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(told.map(({ msg }) => msg.split(/[;:]/)[0])).toEqual([
      'gateway started',
      'entries are taken, one JSON a line',
      'connected to the broker',
      'stopping',
      'a connection that entries came from was ended',
      'gateway stopped',
    ]);
    expect(service.statuses.at(-1)).toBe('{"online":false}');
  },
);
