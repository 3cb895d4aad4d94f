// The command line: what is missing or wrong is named, with what to do.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileModule } from '../../../gateway/readers/file.ts';
import { tcpModule } from '../../../gateway/readers/tcp.ts';
import { helpText, parseSettings } from '../../../gateway/settings.ts';
import { newFolder, testLog } from './support.ts';

const MODULES = { file: fileModule, tcp: tcpModule };
const WHO = ['--site', 'DC1', '--id', 'gw-1'];
const parse = (...args: string[]) => parseSettings(args, MODULES, {});
const tools = { clock: Date.now, log: testLog() };

describe('settings', () => {
  it('have defaults for everything but who it is and what it reads', () => {
    expect(parse(...WHO, '--reader', 'tcp')).toMatchObject({
      site: 'DC1',
      gateway: 'gw-1',
      folder: '.tallygate/outbox/gw-1',
      outboxBytesMax: 1024 ** 3,
      readers: ['tcp'],
      logLevel: 'info',
      broker: {
        url: 'mqtt://127.0.0.1:1883',
        clientId: 'tallygate/DC1/gw-1',
        username: undefined,
        password: undefined,
      },
    });
  });

  it('take a password from a file, several readers, sizes, and what the environment says', () => {
    const file = join(newFolder(), 'password');
    writeFileSync(file, 'secret\n');
    const args = [
      ...WHO,
      '--username',
      'gw',
      '--password-file',
      file,
      '--outbox-max',
      '1.5G',
      '--reader',
      'tcp',
      '--reader',
      'file',
    ];
    const settings = parseSettings(args, MODULES, { TALLYGATE_DATA_DIR: '/data', TALLYGATE_LOG_LEVEL: 'warn' });
    expect(settings).toMatchObject({
      broker: { username: 'gw', password: 'secret' },
      outboxBytesMax: 1.5 * 1024 ** 3,
      readers: ['tcp', 'file'],
      folder: '/data/outbox/gw-1',
      logLevel: 'warn',
    });
  });

  it('tell of every option in the help', () => {
    expect(parse('--help')).toBeUndefined();
    for (const word of [
      '--site',
      '--outbox-max',
      '--reader tcp',
      '--reader file',
      '--in FILE',
      '--shift',
      '--port PORT',
    ]) {
      expect(helpText(MODULES)).toContain(word);
    }
  });

  it.each<[string[], string]>([
    [['--id', 'gw-1', '--reader', 'tcp'], '--site is missing'],
    [['--site', 'DC1', '--reader', 'tcp'], '--id is missing'],
    [['--site', 'DC 1', '--id', 'gw-1', '--reader', 'tcp'], '--site DC 1 --id gw-1: names begin'],
    [['--site', 'DC1', '--id', 'alert', '--reader', 'tcp'], 'no gateway is called alert'],
    [WHO, '--reader is missing: say what to read from: file, tcp'],
    [[...WHO, '--reader', 'llrp'], '--reader llrp: there are file, tcp'],
    [[...WHO, '--reader', 'toString'], '--reader toString: there are file, tcp'],
    [[...WHO, '--reader', 'tcp', '--speed', '2'], '--speed belongs to --reader file'],
    [[...WHO, '--reader', 'tcp', '--mqtt', 'broker:1883'], '--mqtt broker:1883: give a URL'],
    [[...WHO, '--reader', 'tcp', '--mqtt', 'mqtt://a:b@broker'], 'Use --password-file'],
    [[...WHO, '--reader', 'tcp', '--mqtt', 'http://a:b,c@broker'], '--mqtt http://…@broker: give a URL'],
    [[...WHO, '--reader', 'tcp', '--password-file', '/nowhere'], '--password-file needs --username'],
    [
      [...WHO, '--reader', 'tcp', '--username', 'a', '--password-file', '/nowhere'],
      '--password-file: /nowhere cannot be read',
    ],
    [[...WHO, '--reader', 'tcp', '--cert', 'a.pem'], '--cert and --key belong together'],
    [[...WHO, '--reader', 'tcp', '--outbox-max', '10X'], '--outbox-max 10X: give a size'],
    [[...WHO, '--reader', 'tcp', '--outbox-max', '100K'], '--outbox-max 100K: give a size'],
    [[...WHO, '--reader', 'tcp', '--log-level', 'loud'], '--log-level loud: there are'],
  ])('refuse %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  it.each<[string, () => unknown]>([
    ['--reader file needs --in FILE', () => fileModule.open({}, tools)],
    ['--speed 0: give a number above 0', () => fileModule.open({ in: 'a', speed: '0' }, tools)],
    ['--port http: give a number', () => tcpModule.open({ port: 'http' }, tools)],
  ])('of readers say: %s', (message, open) => {
    expect(open).toThrow(message);
  });
});
