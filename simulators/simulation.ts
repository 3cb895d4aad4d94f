// A site in motion: the warehouse knows the truth, the radio hears it, gateways put it into envelopes. Driven by
// simulated time only; the same options give the same bytes, in steps of any length.
import type { SitePlan } from '../src/config/plan.ts';
import { contentId } from '../src/kit/ids.ts';
import { createGateway, deviceOf, type Gateway, type GatewayState, type Observation } from './envelopes.ts';
import type { DeviceSent, TimedMessage } from './messages.ts';
import { geometryOf, type Geometry } from './radio/geometry.ts';
import { LEVELS, type Level, type LevelName } from './radio/levels.ts';
import { noiseKey } from './radio/noise.ts';
import { createSenses } from './senses.ts';
import { BUSY, MISTAKES, type Mistakes, type Pace } from './warehouse/habits.ts';
import type { WarehouseState } from './warehouse/state.ts';
import type { TruthLine } from './warehouse/truth.ts';
import { openWarehouse, reopenWarehouse, type Warehouse } from './warehouse/warehouse.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly level: LevelName;
  /** ms since 1970: when the simulated day begins. */
  readonly startAt: number;
  /** Other air than the level's: for benchmarks that jitter it. */
  readonly air?: Level;
  readonly mistakes?: Mistakes;
  readonly pace?: Partial<Pace>;
  /** Which gateway a reader or scanner belongs to; `gw-1` when left out. */
  readonly gatewayOf?: (device: string) => string;
  /** A new one whenever the outbox was lost; made of site, gateway, seed and start when left out. */
  readonly epoch?: string;
  /** What devices say for themselves (`createSpeakers`); undefined for what goes through a gateway, which is all by default. */
  readonly speak?: (device: string, observation: Observation) => DeviceSent[] | undefined;
  /** What the clock of a device shows at a true time; right when left out. */
  readonly clock?: (device: string, at: number) => number;
}

/** Everything needed to go on after a restart. Plain JSON. */
export interface SimulationState {
  readonly version: 1;
  readonly warehouse: WarehouseState;
  readonly gateways: Readonly<Record<string, GatewayState>>;
}

export interface Simulation {
  readonly now: () => number;
  /** Advances to `to` (ms); the messages that were sent until then, by time. */
  readonly step: (to: number) => TimedMessage[];
  /** The same without envelopes, for those who want reads as they are. Use one of the two. */
  readonly sense: (to: number) => Observation[];
  /** What happened since this was asked last, in order. */
  readonly takeTruth: () => TruthLine[];
  /** The envelopes still open; the simulation can go on afterwards. */
  readonly close: () => TimedMessage[];
  readonly save: () => SimulationState;
}

export const DEFAULT_GATEWAY = 'gw-1';

/** A new warehouse, empty. Throws a `rejected` fault for a site without a door or without storage. */
export function createSimulation(plan: SitePlan, options: SimulationOptions): Simulation {
  const geometry = geometryOf(plan);
  const warehouse = openWarehouse(warehouseOptions(plan, geometry, options), options.seed, options.startAt);
  return running(plan, geometry, warehouse, options, options.startAt, {});
}

/**
 * Goes on where `save()` was taken, at `startAt` as if the time between had not been: same pallets, same serial numbers.
 * With a new `epoch` the gateways begin with seq 1 again; without one they go on counting.
 */
export function resumeSimulation(
  plan: SitePlan,
  saved: SimulationState,
  options: Omit<SimulationOptions, 'seed'>,
): Simulation {
  const geometry = geometryOf(plan);
  const withSeed = { ...options, seed: saved.warehouse.seed };
  const warehouse = reopenWarehouse(warehouseOptions(plan, geometry, withSeed), saved.warehouse, options.startAt);
  const gateways = options.epoch === undefined ? saved.gateways : {};
  return running(plan, geometry, warehouse, withSeed, options.startAt, gateways);
}

const warehouseOptions = (plan: SitePlan, geometry: Geometry, options: SimulationOptions) => ({
  plan,
  geometry,
  level: options.air ?? LEVELS[options.level],
  mistakes: options.mistakes ?? MISTAKES[options.level],
  pace: { ...BUSY, ...options.pace },
});

function running(
  plan: SitePlan,
  geometry: Geometry,
  warehouse: Warehouse,
  options: SimulationOptions,
  startAt: number,
  saved: Readonly<Record<string, GatewayState>>,
): Simulation {
  const senses = createSenses(geometry, warehouse, {
    startAt,
    level: options.air ?? LEVELS[options.level],
    noise: noiseKey(options.seed, plan.site),
    clock: options.clock ?? ((_device, at) => at),
  });
  const gateways = new Map<string, Gateway>();
  const gatewayFor = (device: string): Gateway => {
    const id = options.gatewayOf?.(device) ?? DEFAULT_GATEWAY;
    let gateway = gateways.get(id);
    if (gateway === undefined) {
      const epoch = options.epoch ?? contentId('simulate', plan.site, id, options.seed, startAt);
      gateway = createGateway(plan.site, id, saved[id] ?? epoch);
      gateways.set(id, gateway);
    }
    return gateway;
  };
  // Those that were saved exist from the start, so that saving again loses none.
  for (const id of Object.keys(saved)) gateways.set(id, createGateway(plan.site, id, saved[id]!));
  return {
    now: senses.now,
    sense: senses.advance,
    takeTruth: senses.takeTruth,
    step: (to) => {
      const sent = senses.advance(to).flatMap((observation): readonly TimedMessage[] => {
        const device = deviceOf(observation);
        return options.speak?.(device, observation) ?? gatewayFor(device).take(observation);
      });
      return byTime([...sent, ...[...gateways.values()].flatMap((gateway) => gateway.due(to))]);
    },
    close: () => byTime([...gateways.values()].flatMap((gateway) => gateway.close(senses.now()))),
    save: () => ({
      version: 1,
      warehouse: warehouse.save(),
      gateways: Object.fromEntries([...gateways].map(([id, gateway]) => [id, gateway.save()])),
    }),
  };
}

const byTime = (messages: TimedMessage[]): TimedMessage[] => messages.sort((a, b) => a.at - b.at);
