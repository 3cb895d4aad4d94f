// What all formats share, seen through one of them. Facts are numbered as in src/wire/formats/READERS.md.
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../src/kit/faults.ts';
import { zebraIotc } from '../../../../src/wire/formats/zebraIotc.ts';

const device = { id: 'door-1', receivedAt: Date.UTC(2026, 10, 2, 9) };
const decode = (text: string) => zebraIotc.decode(Buffer.from(text), device);
const EPC = '3034257BF7194E4000001A85';
const tag = (antenna = 1) => JSON.stringify({ type: 'SIMPLE', data: { idHex: EPC, antenna } });
const antennasOf = (text: string) => {
  const { sources, source } = decode(text).entries.reads;
  return [...source].map((index) => sources[index]?.antenna);
};

/** The code of the fault that decoding throws. */
function faultOf(text: string): string {
  try {
    decode(text);
  } catch (error) {
    if (error instanceof Fault && error.kind === 'rejected') return error.code;
    throw error;
  }
  return 'none';
}

describe('one message', () => {
  it('may be a plain Uint8Array, and a view into a larger one', () => {
    const bytes = new TextEncoder().encode(`xx${tag(3)}yy`);
    const view = bytes.subarray(2, bytes.length - 2);
    expect(zebraIotc.decode(view, device).entries.reads.epc).toEqual([EPC]);
  });

  it('may begin with a byte order mark', () => expect(antennasOf(`\ufeff${tag()}`)).toEqual([1]));

  it.each(['', '\r\n', '[]', ' [ ] '])('fact 6: %j is a keep-alive', (text) => {
    expect(decode(text)).toMatchObject({ ignored: 'keep-alive', selfIdentified: false, rejects: [] });
  });

  it('of objects that give no entry says why the first did not', () => {
    expect(decode('[{"type":"gpo"},{"type":"heartbeat"}]').ignored).toBe('status');
  });
});

describe('NDJSON (fact 6)', () => {
  it('is one object a line, with any line ends and empty lines', () => {
    expect(antennasOf(`${tag(1)}\n\n${tag(2)}\r\n  ${tag(3)}\n`)).toEqual([1, 2, 3]);
  });

  it('may have arrays as lines', () => expect(antennasOf(`[${tag(1)},${tag(2)}]\n${tag(3)}`)).toEqual([1, 2, 3]));

  it('rejects only the line that is wrong, and says which', () => {
    const message = decode(
      `${tag(1)}\n{"type":"SIM\nnonsense\n{"a":}\n[${tag(2)},{"type":"SIMPLE"}]\n\n{"type":"SIMPLE"}\n${tag(3)}`,
    );
    expect(message.entries.reads.length).toBe(3);
    expect(message.rejects).toMatchObject([
      { code: 'bad-entry', reason: '/1: not a JSON object', content: String.raw`"{\"type\":\"SIM"` },
      { code: 'bad-entry', reason: '/2: not a JSON object' },
      { code: 'bad-entry', reason: expect.stringMatching(/^\/3: not JSON: /u) },
      { code: 'bad-epc', reason: '/4/1/idHex: missing from a tag report' },
      { code: 'bad-epc', reason: '/6/idHex: missing from a tag report' },
    ]);
  });

  it('rejects only the line that is nested too deeply', () => {
    const message = decode(`${tag(1)}\n{"a":${'['.repeat(40)}${']'.repeat(40)}}`);
    expect(message).toMatchObject({
      entries: { reads: { length: 1 } },
      rejects: [{ reason: '/1: nested deeper than 32' }],
    });
  });
});

describe('limits', () => {
  it.each([
    ['cut off', '{"type":"SIMPLE","data":{"idHex":"3034', 'not-json'],
    ['the end of a message', `"3034257B"}}`, 'not-json'],
    ['an EPC in plain text', EPC, 'not-json'],
    ['a number', '42', 'not-json'],
    ['bytes that are no text', '\u0000\u0001abc', 'not-json'],
    ['bytes that are no UTF-8', '\ufffdabc', 'not-json'],
    ['many words', 'lorem ipsum '.repeat(30), 'not-json'],
    ['many lines of nothing', '{\n'.repeat(9000), 'not-json'],
    ['too many lines', '{\n'.repeat(10_001), 'too-many'],
    ['too many elements', `[${'{},'.repeat(10_000)}{}]`, 'too-many'],
    ['too many elements in lines', `[${'{},'.repeat(6000)}{}]\n[${'{},'.repeat(6000)}{}]`, 'too-many'],
    ['too many bytes', ' '.repeat(2 ** 20 + 1), 'too-large'],
    ['nested too deeply', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`, 'too-deep'],
    ['nested absurdly', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, 'too-deep'],
  ])('a message that is %s is refused whole: %#', (_name, text, code) => expect(faultOf(text)).toBe(code));

  it('brackets within strings are no nesting', () => {
    expect(antennasOf(JSON.stringify({ type: 'x["\\', note: '[{"'.repeat(100), data: { idHex: EPC } }))).toEqual([0]);
  });

  it('takes as many elements as it says', () => {
    expect(antennasOf(`[${Array.from({ length: 10_000 }, () => tag()).join(',')}]`)).toHaveLength(10_000);
  });

  it('keeps no more of a rejected part than the quarantine wants', () => {
    const [reject] = decode(JSON.stringify({ type: 'SIMPLE', data: { idHex: 'x'.repeat(100_000) } })).rejects;
    expect(reject?.content).toHaveLength(2000);
  });

  it('a payload’s own __proto__ is one more name that nobody asks for', () => {
    const message = decode(
      `{"type":"SIMPLE","__proto__":{"data":{"idHex":"${EPC}"}},"data":{"__proto__":{"idHex":"${EPC}"}}}`,
    );
    expect(message).toMatchObject({ entries: { reads: { length: 0 } }, rejects: [{ code: 'bad-epc' }] });
    expect(Object.prototype).not.toHaveProperty('data');
  });
});
