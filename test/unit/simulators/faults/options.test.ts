import { describe, expect, it } from 'vitest';
import { FAULTS, NO_FAULTS, parseFaults } from '../../../../simulators/faults/options.ts';

describe('parseFaults', () => {
  it('takes names with numbers, and a level to begin with', () => {
    expect(parseFaults('loss=0.01,duplicate=0.02')).toEqual({ ...NO_FAULTS, loss: 0.01, duplicate: 0.02 });
    expect(parseFaults('hostile, loss=0.5')).toEqual({ ...FAULTS.hostile, loss: 0.5 });
    expect(parseFaults('typical')).toEqual(FAULTS.typical);
  });

  it.each([
    ['los=0.1', '"los" is not one of loss, duplicate'],
    ['loss', 'loss needs a number'],
    ['loss=', 'loss needs a number'],
    ['loss=much', 'loss needs a number'],
    ['loss=-1', 'loss needs a number'],
    ['loss=2', 'loss is a share'],
    ['loss=0.1,typical', '"typical" is not one of'],
    ['', 'is not one of'],
  ])('says what is wrong with %j', (text, reason) => {
    expect(() => parseFaults(text)).toThrow(reason);
  });
});
