// What the operating system says about a process, and recognising our server among others.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isCommand, runsOn, type ServerCommand } from '../../src/store/embeddedCommand.ts';
import { lookUpProcess, lookUpWithPs, stillRuns } from '../../src/store/embeddedProcess.ts';

describe.each([
  ['/proc where there is one', lookUpProcess],
  ['ps', lookUpWithPs],
])('looked up with %s', (_, lookUp) => {
  it('a process has one start time and its command line', () => {
    const facts = lookUp(process.pid);
    expect(facts?.startedAt).not.toBe('');
    expect(lookUp(process.pid)?.startedAt).toBe(facts?.startedAt);
    expect(facts?.command).toContain('node');
  });

  it('one that ended is not there', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    expect(lookUp(child.pid!)).toBeUndefined();
  });
});

describe('a process', () => {
  it('with the pid of an earlier one is another', () => {
    expect(stillRuns(lookUpProcess(process.pid)!)).toBe(true);
    expect(stillRuns({ ...lookUpProcess(process.pid)!, startedAt: 'long ago' })).toBe(false);
  });
});

describe('a command line', () => {
  const command: ServerCommand = {
    program: '/pg/bin/postgres',
    version: '18.4',
    argumentsFor: (port) => ['-D', '/data/postgres', '-p', `${port}`, '-c', 'log_line_prefix=%m ', '-c', 'jit=off'],
  };

  it('is ours when it is the same to the last argument', () => {
    const line = '/pg/bin/postgres -D /data/postgres -p 5433 -c log_line_prefix=%m  -c jit=off';
    expect(isCommand(line, command, 5433)).toBe(true);
    expect(isCommand(line.replace('  ', ' '), command, 5433)).toBe(true); // as `ps` shows it
    expect(isCommand(line, command, 5434)).toBe(false);
    expect(isCommand(`${line} -c jit=on`, command, 5433)).toBe(false);
  });

  it.each([
    ['/pg/bin/postgres -D /data/postgres -p 1', true],
    ['postgres -D /data/postgres', true],
    ['/pg/bin/postgres -D /proc/self/cwd -p 1 -c tallygate.folder=/data/postgres -c jit=off', true],
    ['/pg/bin/postgres -D /data/postgres2 -p 1', false],
    ['/pg/bin/postgres -D /other/data/postgres -p 1', false],
    ['postgres: tallygate tallygate 127.0.0.1(4711) idle', false],
    ['vim -D /data/postgres', false],
    ['', false],
  ])('`%s` runs on /data/postgres: %s', (line, expected) => {
    expect(runsOn(line, '/data/postgres')).toBe(expected);
  });
});
