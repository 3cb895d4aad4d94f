import { expect, it } from 'vitest';
import { endOfQuiet } from '../../../src/watch/channels/quietHours.ts';

const night = { from: '22:00', to: '06:00' };
const noon = { from: '12:00', to: '13:00' };
const at = (text: string): number => Date.parse(text);

it.each([
  ['before them', night, 'Europe/Brussels', '2026-11-27T20:59:00Z', '2026-11-27T20:59:00Z'],
  ['as they begin', night, 'Europe/Brussels', '2026-11-27T21:00:00Z', '2026-11-28T05:00:00Z'],
  ['after midnight', night, 'Europe/Brussels', '2026-11-28T03:10:30Z', '2026-11-28T05:00:00Z'],
  ['as they end', night, 'Europe/Brussels', '2026-11-28T05:00:00Z', '2026-11-28T05:00:00Z'],
  ['within a day', noon, 'America/New_York', '2026-11-27T17:30:00Z', '2026-11-27T18:00:00Z'],
  ['in the night that is an hour longer', night, 'Europe/Brussels', '2026-10-24T21:00:00Z', '2026-10-25T05:00:00Z'],
  ['in the night that is an hour shorter', night, 'Europe/Brussels', '2026-03-28T22:00:00Z', '2026-03-29T04:00:00Z'],
  ['where the clocks are half an hour off', night, 'Asia/Kolkata', '2026-11-27T20:00:00Z', '2026-11-28T00:30:00Z'],
])('%s it waits until they are over', (_when, hours, timeZone, time, until) => {
  expect(new Date(endOfQuiet(hours, timeZone, at(time))).toISOString()).toBe(new Date(at(until)).toISOString());
});
