// Appointments at doors: no two trucks at one door at one time; here and away as somebody says, or as goods and loads show; and what the wait
// for a truck adds to the time to the shelf.
import { describe, expect, it } from 'vitest';
import type { AppointmentEffect } from '../../../src/infer/appointmentEffects.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { given, inSite, type Check, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered } from '../../support/storiesThen.ts';
import { said, waited } from '../../support/storiesWhen.ts';
import { HOUR_MS, MINUTE_MS, MORNING, site } from '../../support/storiesSite.ts';

const at = (minutes: number): string => formatTime(MORNING + minutes * MINUTE_MS);
const booked = (appointment: string, from: number, to: number, more: object = {}): Step =>
  said(
    { kind: 'appointment', appointment, door: 'DOOR-1', direction: 'in', from: at(from), to: at(to), ...more },
    appointment,
  );
const last = (scene: Scene, id: string): AppointmentEffect =>
  scene.effects.flatMap(({ appointments }) => appointments).findLast((one) => one.id === id)!;
const appointment =
  (id: string, fields: Partial<AppointmentEffect>): Check =>
  (scene) =>
    expect(last(scene, id)).toMatchObject(fields);

/** How long what was put away had stood here, minutes. */
const stoodFor =
  (...minutes: readonly number[]): Check =>
  (scene) => {
    const parts = scene.effects.flatMap(({ docked }) => docked).flatMap((one) => one.parts);
    expect(parts.map(({ arrivedAt, storedAt }) => Math.round((storedAt - arrivedAt) / MINUTE_MS))).toEqual(minutes);
  };

describe('a door', () => {
  it('is booked for one truck at a time', () => {
    const story = given(inSite(site()))
      .when(
        booked('A', 60, 120),
        booked('B', 119, 180),
        booked('C', 120, 180),
        booked('D', 60, 120, { door: 'DOOR-2' }),
        booked('E', 100, 100),
        booked('F', 60, 120, { door: 'NOWHERE' }),
        booked('G', 300, 360, { inbound: 'NONE' }),
        booked('H', 300, 360, { load: 'NONE' }),
        said({ kind: 'cancel-appointment', appointment: 'C' }),
        booked('I', 125, 180),
        said(
          {
            kind: 'amend-appointment',
            appointment: 'I',
            door: 'DOOR-1',
            direction: 'in',
            from: at(110),
            to: at(170),
          },
          'moved',
        ),
      )
      .then(
        answered('B', 'door-taken'),
        answered('C', 'done'),
        answered('D', 'done'),
        answered('E', 'bad-time'),
        answered('F', 'unknown-door'),
        answered('G', 'unknown-inbound'),
        answered('H', 'bad-lines'),
        answered('I', 'done'),
        answered('moved', 'door-taken'),
        appointment('C', { state: 'cancelled' }),
      );
    sameAgain(story.scene);
  });

  it('is free again when its truck has left', () => {
    const story = given(inSite(site()))
      .when(
        booked('A', -10, 120),
        said({ kind: 'truck-left', appointment: 'A' }, 'early'),
        said({ kind: 'truck-arrived', appointment: 'A' }, 'here'),
        said({ kind: 'truck-arrived', appointment: 'A' }, 'twice'),
        said({ kind: 'cancel-appointment', appointment: 'A' }, 'cancel'),
        said({ kind: 'truck-left', appointment: 'A' }, 'gone'),
        waited(HOUR_MS),
        booked('B', 90, 120),
        said({ kind: 'truck-left', appointment: 'A' }, 'again'),
      )
      .then(
        answered('early', 'truck-not-here'),
        answered('twice', 'truck-here'),
        answered('cancel', 'truck-here'),
        answered('gone', 'done'),
        answered('B', 'done'),
        answered('again', 'appointment-over'),
      );
    sameAgain(story.scene);
  });
});

describe('a truck', () => {
  it('is here when its receipt opens, and away when that is closed; its goods waited since it came', () => {
    const notice = said({
      kind: 'announce',
      inbound: 'ASN',
      document: 'notice',
      supplier: 'ACME',
      lines: [{ line: '1', sku: 'S1', quantity: 10 }],
    });
    const story = given(inSite(site({}, { inboundDocuments: true })))
      .when(
        notice,
        booked('A', 0, 120, { inbound: 'ASN' }),
        said({ kind: 'truck-arrived', appointment: 'A' }),
        waited(40 * MINUTE_MS),
        said({ kind: 'receive', inbound: 'ASN', sku: 'S1', quantity: 10, location: 'DOCK-1' }),
        waited(20 * MINUTE_MS),
        said({ kind: 'move', sku: 'S1', quantity: 10, from: 'DOCK-1', to: 'A', status: 'receiving' }),
        said({ kind: 'close-receipt', inbound: 'ASN' }),
      )
      .then(appointment('A', { state: 'left' }), stoodFor(60));
    sameAgain(story.scene);
  });

  it('that takes a load is here when something is on it, and away when it is closed', () => {
    const story = given(inSite(site({}, { orders: true })))
      .when(
        said({ kind: 'adjust', sku: 'S1', quantity: 5, location: 'PACK', reason: 'counted' }),
        said({ kind: 'order', order: 'O1', customer: 'SHOP', lines: [{ line: '1', sku: 'S1', quantity: 5 }] }),
        said({ kind: 'open-load', load: 'L1', carrier: 'VAN', orders: ['O1'] }),
        booked('A', 0, 60, { direction: 'out', load: 'L1' }),
      )
      .then(appointment('A', { state: 'booked' }))
      .when(said({ kind: 'move', sku: 'S1', quantity: 5, from: 'PACK', to: 'world', load: 'L1' }))
      .then(appointment('A', { state: 'arrived' }))
      .when(said({ kind: 'close-load', load: 'L1' }))
      .then(appointment('A', { state: 'left' }));
    sameAgain(story.scene);
  });
});
