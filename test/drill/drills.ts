// All drills by name, the most important first.
import { away } from './away.ts';
import { broker } from './broker.ts';
import { clock } from './clock.ts';
import { disk } from './disk.ts';
import type { Drill } from './figure.ts';
import { fsync } from './fsync.ts';
import { influx } from './influx.ts';
import { kill } from './kill.ts';
import { poison } from './poison.ts';
import { redelivery } from './redelivery.ts';
import { soak } from './soak.ts';
import { wire } from './wire.ts';

export const DRILLS = {
  kill,
  poison,
  redelivery,
  wire,
  away,
  influx,
  disk,
  fsync,
  clock,
  broker,
  soak,
} as const satisfies Record<string, Drill>;

export type DrillName = keyof typeof DRILLS;

export const isDrill = (name: string): name is DrillName => Object.hasOwn(DRILLS, name);
