// `tallygate simulate`: a simulated or recorded day, through the faults that were asked for, at the speed that was asked
// for, to a file or a broker. The clock of this machine is read here and nowhere else in simulators/.
import { setTimeout as sleepFor } from 'node:timers/promises';
import { loadSite } from '../src/config/load.ts';
import { planSite, type SitePlan } from '../src/config/plan.ts';
import { configurationFault } from '../src/config/problems.ts';
import { systemClock } from '../src/kit/clock.ts';
import { Fault } from '../src/kit/faults.ts';
import { textOf } from '../src/kit/files.ts';
import { onStopSignal } from '../src/kit/stopSignal.ts';
import { formatOf } from '../src/wire/formats/formats.ts';
import { allSpeak } from './devices/speakers.ts';
import { createClocks, hasClockFaults } from './faults/clocks.ts';
import { createTransport } from './faults/transport.ts';
import type { TimedMessage } from './messages.ts';
import { createPacer } from './pace.ts';
import { HELP, parseSettings, type Settings } from './settings.ts';
import { openSinks } from './sinks.ts';
import { recorded, simulated, type Portion } from './sources.ts';

/** What was done, for the last line on the terminal. */
export interface Summary {
  readonly messages: number;
  readonly reads: number;
  readonly truthLines: number;
}

/** Runs the command; the exit code. Explains mistakes on standard error. */
export async function simulateCommand(args: string[]): Promise<number> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  const ignore = onStopSignal(interrupt);
  // `… --out - | head` is no mistake.
  process.stdout.on('error', interrupt);
  try {
    const settings = parseSettings(args);
    if (settings === undefined) {
      process.stdout.write(HELP);
      return 0;
    }
    const { messages, reads, truthLines } = await simulate(settings, stop.signal, tell);
    // The demo of a service that is stopped has nothing to say to whoever stopped it.
    if (process.env['TALLYGATE_QUIET'] === undefined)
      tell(`${messages} messages (${reads} reads in envelopes), ${truthLines} lines of truth`);
    return 0;
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === 'defect') throw error;
    tell(error.message);
    return 1;
  } finally {
    ignore();
    process.stdout.off('error', interrupt);
  }
}

const tell = (text: string): boolean => process.stderr.write(`${text}\n`);

/** Who was told to stop waits this long for the last PUBACKs. */
const STOP_WITHIN_MS = 5000;

/** Plays what the settings say until it ends or `stop` is raised. `report` is told what a person should know meanwhile. */
export async function simulate(
  settings: Settings,
  stop: AbortSignal,
  report: (text: string) => void,
): Promise<Summary> {
  const portions = portionsOf(settings, report);
  const sinks = await openSinks(settings, report);
  const transport = createTransport(settings.faults, settings.seed);
  const pace = createPacer(
    settings.speed,
    systemClock,
    (ms) => sleepFor(ms),
    () => stop.aborted,
  );
  const summary = { messages: 0, reads: 0, truthLines: 0 };
  const deliver = async (messages: readonly TimedMessage[]): Promise<void> => {
    for (const message of messages) {
      await pace(message.at);
      // What was not sent when somebody stopped it was never sent.
      if (stop.aborted) return;
      summary.messages++;
      if (message.kind === 'envelope') summary.reads += message.envelope.reads?.length ?? 0;
      await sinks.send(message);
    }
  };
  const hurry = (): void => void setTimeout(sinks.abort, STOP_WITHIN_MS).unref();
  stop.addEventListener('abort', hurry, { once: true });
  try {
    for await (const portion of portions) {
      await deliver(transport.take(portion.messages, portion.now));
      for (const line of portion.truth) await sinks.tell(line);
      summary.truthLines += portion.truth.length;
      if (stop.aborted) break;
      portion.save?.();
    }
    await deliver(transport.end());
    await sinks.close();
  } catch (error) {
    sinks.abort();
    throw error;
  }
  return summary;
}

/** Everything is read and checked before the first message leaves. */
function portionsOf(settings: Settings, report: (text: string) => void): AsyncGenerator<Portion> {
  const { replay, names, sites, startAt, mqtt, speed, durationMs, faults, seed } = settings;
  const plans = replay === undefined || names !== undefined ? sites.map(readSite) : [];
  adviseOnTopics(settings, plans, report);
  const startedAt = systemClock();
  const clocksFrom = (at: number) => (hasClockFaults(faults) ? createClocks(faults, seed, at) : undefined);
  if (replay !== undefined) return recorded(settings, replay, plans[0], startedAt, clocksFrom, report);
  // Faster than real time the day would run into the future, so it begins early enough to end now.
  const liveAt = mqtt === undefined ? undefined : startedAt - (speed === 1 ? 0 : durationMs);
  return simulated(settings, plans, startAt ?? liveAt, clocksFrom);
}

/** Messages on a topic that the site file does not name are quarantined; better to know before. */
function adviseOnTopics(settings: Settings, plans: readonly SitePlan[], report: (text: string) => void): void {
  const { format } = settings;
  if (format === 'envelope' || format === 'site') return;
  for (const plan of plans) {
    const spoken = allSpeak(plan, format);
    const readers = new Set(plan.readPoints.flatMap((point) => point.readers));
    const missing = [...readers].filter((id) => !plan.devices.some((one) => one.id === id && one.format === format));
    if (missing.length === 0) continue;
    report(`${plan.site} does not know these devices; to be understood, its site file needs\ndevices:`);
    for (const id of missing) report(`  - { id: ${id}, format: ${format}, topic: ${spoken(id)!.topics.data} }`);
  }
}

function readSite(file: string): SitePlan {
  const text = textOf(file, 'unreadable-site', 'Say which site: --site FILE.');
  const found = loadSite(file, text, (format, mapping) => void formatOf(format, mapping));
  if (found.file === undefined) throw configurationFault(found.problems);
  return planSite({ file: found.file });
}
