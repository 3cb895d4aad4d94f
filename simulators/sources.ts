// Where messages come from: a simulated day, or a recorded one. Both are given portion by portion, by simulated time.
import type { SitePlan } from '../src/config/plan.ts';
import { rejected } from '../src/kit/faults.ts';
import { contentId, newUuid } from '../src/kit/ids.ts';
import { allSpeak, createSpeakers, speakAsConfigured } from './devices/speakers.ts';
import type { DeviceClock } from './faults/clocks.ts';
import type { TimedMessage } from './messages.ts';
import { readRecording, type LogOptions } from './replay/recording.ts';
import { shiftMessage } from './replay/shift.ts';
import { FILE_START_MS, type Settings } from './settings.ts';
import { createSimulation, resumeSimulation, type Simulation, type SimulationState } from './simulation.ts';
import { readStateFile, writeStateFile, type SavedSites } from './stateFile.ts';
import type { TruthLine } from './warehouse/truth.ts';

/** What happens next: messages, and what was true meanwhile. `now` is simulated time, in ms. */
export interface Portion {
  readonly now: number;
  readonly messages: readonly TimedMessage[];
  readonly truth: readonly TruthLine[];
  /** To be called when the messages have been sent: the next run goes on from here. */
  readonly save?: () => void;
}

/** Simulated time goes on in steps of this: shorter than an envelope waits, so nothing is noticed of it. */
const STEP_MS = 100;

/** What happened is saved at once; without anything happening, this often. */
const SAVE_EVERY_MS = 10_000;

/** From `wanted` on; when that is left to us, from where the saved state ends, else from a Monday morning. */
export async function* simulated(
  settings: Settings,
  plans: readonly SitePlan[],
  wanted: number | undefined,
  clocksFrom: (at: number) => DeviceClock | undefined,
): AsyncGenerator<Portion> {
  const saved = settings.state === undefined ? undefined : readStateFile(settings.state);
  const startAt = wanted ?? latestOf(saved) ?? FILE_START_MS;
  const clock = clocksFrom(startAt);
  const simulations = plans.map((plan) => simulationOf(settings, plan, startAt, clock, saved?.[plan.site]));
  const save = (): void => {
    if (settings.state === undefined) return;
    const states = simulations.map((simulation, index) => [plans[index]!.site, simulation.save()] as const);
    writeStateFile(settings.state, { ...saved, ...Object.fromEntries(states) });
  };
  const portion = (now: number, of: (simulation: Simulation) => TimedMessage[]): Portion => ({
    now,
    messages: simulations.flatMap(of).sort((a, b) => a.at - b.at),
    truth: simulations.flatMap((simulation) => simulation.takeTruth()),
  });
  const endsAt = startAt + settings.durationMs;
  let savedAt = startAt;
  for (let now = startAt; now < endsAt;) {
    now = Math.min(endsAt, now + STEP_MS);
    const next = portion(now, (simulation) => simulation.step(now));
    if (next.truth.length > 0 || now - savedAt >= SAVE_EVERY_MS) savedAt = now;
    yield savedAt === now ? { ...next, save } : next;
  }
  yield { ...portion(endsAt, (simulation) => simulation.close()), save };
}

const latestOf = (saved: SavedSites | undefined): number | undefined =>
  saved === undefined ? undefined : Math.max(...Object.values(saved).map((state) => state.warehouse.now));

function simulationOf(
  settings: Settings,
  plan: SitePlan,
  startAt: number,
  clock: DeviceClock | undefined,
  saved: SimulationState | undefined,
): Simulation {
  const { seed, level, gatewayOf, mqtt } = settings;
  const speak = speakersOf(settings, plan);
  const options = {
    level,
    startAt,
    gatewayOf,
    // A broker may still know what an earlier run with this seed sent; a file is to be the same every time.
    ...(mqtt === undefined ? {} : { epoch: newUuid() }),
    ...(speak && { speak }),
    ...(clock && { clock }),
  };
  return saved === undefined ? createSimulation(plan, { ...options, seed }) : resumeSimulation(plan, saved, options);
}

/** `clocksFrom` makes the clocks of a recording that begins at a time. */
export async function* recorded(
  settings: Settings,
  file: string,
  plan: SitePlan | undefined,
  startedAt: number,
  clocksFrom: (at: number) => DeviceClock | undefined,
  report: (text: string) => void,
): AsyncGenerator<Portion> {
  if (plan === undefined && settings.format !== 'envelope') {
    throw rejected('bad-arguments', 'simulate: recorded messages keep their format; --format is for ItemTest logs.');
  }
  const log = logOptions(settings, file, plan, clocksFrom);
  let shiftMs: number | undefined;
  let firstAt: number | undefined;
  for await (const message of readRecording(file, log, report)) {
    firstAt ??= message.at;
    if (message.at > firstAt + settings.durationMs) break;
    shiftMs ??= settings.shift ? Math.round(startedAt - message.at) : 0;
    const shifted = shiftMs === 0 ? message : shiftMessage(message, shiftMs);
    yield { now: shifted.at, messages: [shifted], truth: [] };
  }
}

function logOptions(
  settings: Settings,
  file: string,
  plan: SitePlan | undefined,
  clocksFrom: LogOptions['clocksFrom'],
): LogOptions {
  const site = plan?.site ?? '';
  const epoch = settings.mqtt === undefined ? contentId('replay', site, file) : newUuid();
  const speak = plan === undefined ? undefined : speakersOf(settings, plan);
  return { site, gateway: settings.gatewayOf(''), epoch, names: settings.names, clocksFrom, ...(speak && { speak }) };
}

function speakersOf(settings: Settings, plan: SitePlan): ReturnType<typeof createSpeakers> | undefined {
  if (settings.format === 'envelope') return undefined;
  return createSpeakers(settings.format === 'site' ? speakAsConfigured(plan) : allSpeak(plan, settings.format));
}
