// Which topics of devices a session subscribes to, and which of them a broker may give twice.
import { describe, expect, it } from 'vitest';
import { overlapping, withoutCovered } from '../../../src/intake/deviceTopics.ts';

describe('topics of devices', () => {
  it.each([
    [['a/b', 'a/b'], ['a/b']],
    [['a/b', 'a/+'], ['a/+']],
    [
      ['a/+', 'a/b', 'c'],
      ['a/+', 'c'],
    ],
    [['a/#', 'a/+', 'a', 'a/b/c'], ['a/#']],
    [['a/+', 'a/#'], ['a/#']],
    [['#', '+/#'], ['#']],
    [
      ['+/b', 'a/+'],
      ['+/b', 'a/+'],
    ],
    [['a/+', '+/+'], ['+/+']],
  ])('of %j are subscribed to as %j', (topics, subscribed) => {
    expect(withoutCovered(topics)).toEqual(subscribed);
  });

  it.each([
    [['a/b', 'a/+', 'c'], []],
    [['a/+', '+/b'], [['a/+', '+/b']]],
    [['a/+/c', 'a/b/#'], [['a/+/c', 'a/b/#']]],
    [['a/+/c', 'a/b/d', 'a/b/+/c'], []],
    [['+', 'a/b'], []],
    [['+/b/#', 'a/+'], [['+/b/#', 'a/+']]],
  ])('of %j overlap in part: %j', (topics, pairs) => {
    expect(overlapping(topics)).toEqual(pairs);
  });
});
