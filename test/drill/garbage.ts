// Messages that nobody should send, by what is wrong with them. Each is set aside exactly once: whole, or as the one entry
// of it that is bad.
import { randomBytes } from 'node:crypto';
import type { Random } from '../../simulators/random.ts';
import { envelopeTopic } from '../../src/wire/topics.ts';
import { envelope } from '../support/sites.ts';
import { SITE, START } from './history.ts';

export interface Garbage {
  readonly topic: string;
  readonly payload: Buffer;
}

const TOPIC = envelopeTopic(SITE, 'fool');
const EPC = '3034257BF7194E4000001A85';

const text = (json: string): Garbage => ({ topic: TOPIC, payload: Buffer.from(json) });
const read = (reader: unknown, seenAt: unknown = START): object => ({ reader, antenna: 1, epc: EPC, seenAt });
const reading = (n: number, ...reads: object[]): Garbage =>
  text(envelope({ seq: n, epoch: 'fool' }, { reads: reads as never }));

/** `n` is another one every time, and so no two are the same bytes. */
const KINDS: Readonly<Record<string, (n: number, chance: Random) => Garbage>> = {
  'broken JSON': (n, chance) => {
    const whole = envelope({ seq: n, epoch: 'fool' }, { reads: [read('door-1') as never] });
    return text(whole.slice(0, chance.integer(30, whole.length - 1)));
  },
  'wrong types': (n, chance) =>
    text(
      chance.choice([
        `{"v":1,"epoch":"fool","seq":"${n}","reads":[]}`,
        `{"v":1,"epoch":"fool","seq":${n},"reads":{"reader":"door-1"}}`,
        `{"v":"1","epoch":["fool"],"seq":${n}}`,
        `[${n}]`,
        `"${n}"`,
        `${n}`,
      ]),
    ),
  'an entry of wrong types': (n, chance) =>
    reading(n, chance.choice([read(7), read('door-1', n), { ...read('door-1'), rssiDbm: '-60' }])),
  'deep nesting': (n, chance) =>
    text(`{"v":1,"epoch":"fool","seq":${n},"reads":${'['.repeat(chance.integer(50, 2000))}`),
  'invalid UTF-8': (n) => ({
    topic: TOPIC,
    payload: Buffer.concat([Buffer.from(`{"v":1,"epoch":"fool","seq":${n},"x":"`), Buffer.from([0xc3, 0x28, 0xff])]),
  }),
  'huge numbers': (n, chance) =>
    text(
      `{"v":1,"epoch":"fool","n":${n},"seq":${chance.choice(['1e308', '1e999', '9007199254740993', `-${n}`, `1${'0'.repeat(400)}`])}}`,
    ),
  'prototype keys': (n) => text(`{"__proto__":{"v":1,"seq":${n}},"constructor":{"prototype":{"isBad":true}},"v":1}`),
  'a reader called as a prototype': (n, chance) =>
    reading(n, read(chance.choice(['__proto__', 'constructor', 'toString', 'hasOwnProperty']))),
  'control characters in a name': (n, chance) =>
    reading(n, read(chance.choice(['door-1\u0000', '\u001b[31mdoor', 'door\r\n-1', '\u202edoor']))),
  noise: (n, chance) => ({ topic: TOPIC, payload: randomBytes(chance.integer(1, 400)) }),
  'unknown topic': (n, chance) => ({
    topic: chance.choice(['nobody/knows', 'zebra/elsewhere', 'a/b/c/d/e', 'with space/ünïcode']),
    payload: Buffer.from(`hello ${n}`),
  }),
  'unknown site': (n) => ({
    topic: envelopeTopic('ELSEWHERE', 'fool'),
    payload: Buffer.from(envelope({ seq: n, epoch: 'fool' })),
  }),
  'nested deeper than a stack': (n) => text(`{"v":1,"epoch":"fool","seq":${n},"reads":${'['.repeat(200_000)}`),
  'too large to be read': (n) => text(`{"v":1,"epoch":"fool","seq":${n},"x":"${'x'.repeat(280 * 1024)}"}`),
};

/** Rare, or all that would be measured is how they are copied: the others are about as large as good ones. */
const LARGE = ['nested deeper than a stack', 'too large to be read'];
const LARGE_SHARE = 0.005;
const SMALL = Object.keys(KINDS).filter((name) => !LARGE.includes(name));

export const GARBAGE_KINDS = Object.keys(KINDS).length;

export function garbage(n: number, chance: Random): Garbage {
  const name = chance.choice(chance.chance(LARGE_SHARE) ? LARGE : SMALL);
  return KINDS[name]!(n, chance);
}

/** Announces 256 MiB, which is as much as MQTT can say and a byte, and sends a little of it. */
export const huge = (): Buffer =>
  Buffer.concat([Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f, 0, 1]), Buffer.from('a'), Buffer.alloc(1000)]);
