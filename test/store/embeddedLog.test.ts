// The server's log file and what is made of it.
import { closeSync, writeSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cannotRun, startFault } from '../../src/store/embeddedFaults.ts';
import { boundLog, logFile, logTail, openLog } from '../../src/store/embeddedLog.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tallygate-log-'));
});

afterEach(() => rm(dataDir, { recursive: true }));

describe('the log', () => {
  it('is emptied at its bound under the server that writes it, and the former part is kept', async () => {
    const server = await openLog(dataDir);
    writeSync(server, 'first\n');
    await truncate(logFile(dataDir), 5_000_000);
    await boundLog(dataDir);
    writeSync(server, 'next\n');
    closeSync(server);
    expect(await readFile(logFile(dataDir), 'utf8')).toBe('next\n');
    expect((await stat(`${logFile(dataDir)}.1`)).size).toBe(5_000_000);
    expect((await stat(`${logFile(dataDir)}.1`)).mode & 0o777).toBe(0o600);
  });

  it('shows its last lines, from a start on, and at most 4,000 bytes', async () => {
    expect(await logTail(dataDir)).toBe('');
    await appendFile(logFile(dataDir), 'old\nnew\n');
    expect(await logTail(dataDir, 4)).toBe('new');
    expect(await logTail(dataDir, 400)).toBe('old\nnew'); // emptied since that start
    await appendFile(logFile(dataDir), 'x'.repeat(10_000));
    expect(await logTail(dataDir)).toBe('x'.repeat(4_000));
  });
});

describe('what a server wrote before it gave up', () => {
  it.each([
    ['FATAL: could not write to file "pg_wal/xlogtemp.29": No space left on device', 'unavailable', 'disk-full'],
    ['could not bind IPv4 address "127.0.0.1": Address already in use', 'unavailable', 'postgres-port-taken'],
    ['FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use', 'unavailable', 'postgres-still-ending'],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'unavailable', 'postgres-memory'],
    ['FATAL:  unrecognized configuration parameter "jitt"', 'rejected', 'postgres-settings'],
    ['PANIC:  could not locate a valid checkpoint record', 'unavailable', 'postgres-start-failed'],
  ])('%s', (line, kind, code) => {
    const fault = startFault('Postgres exited', line, '/data/postgres');
    expect(fault).toMatchObject({ kind, code });
    expect(fault.message).toMatch(/\/data\/postgres|It wrote:/);
  });

  it('names a library that is missing and the way around', () => {
    const why = 'postgres: error while loading shared libraries: libstdc++.so.6: cannot open shared object file';
    const fault = cannotRun('/x/bin/postgres', 'nobody', why);
    expect(fault).toMatchObject({ kind: 'rejected', code: 'postgres-libraries-missing' });
    expect(fault.message).toMatch(/libstdc\+\+\.so\.6.*TALLYGATE_DATABASE_URL/);
  });
});
