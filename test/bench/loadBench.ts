// `npm run bench:load`: what people get while reads pour in. The whole service as `start` runs it, over a large ledger, with the traffic of
// `bench` at a rate: how soon a decision is on the live stream, how quickly questions and commands are answered.
import { parseArgs } from 'node:util';
import { closeAll } from '../support/cleanUp.ts';
import { load } from './bench.ts';
import { prepareCommands, sayCommands, type Said } from './commands.ts';
import { installOn, machineText, openFilled, tell } from './filled.ts';
import { listen, seenAfter } from './listening.ts';
import { ask, questionsOf, shareOf, tableOfAnswers, type Answered } from './questions.ts';
import { mebibytes } from '../support/serviceProcess.ts';
import { sleep } from '../../src/kit/sleep.ts';
import type { LoadReport } from './load.ts';

const HELP = `npm run bench:load -- [--reads 100000] [--rows 10000000] [--times 100] [--commands 200] [--json] [--keep FOLDER]

Starts the service over a ledger of a year, sends it reads at a rate, and meanwhile listens to GET /v1/live, asks what people ask, moves
items and confirms picks. Prints the time from the arrival of the read that decided to the event on the live stream (a question asked
then has it, too), from request to answer of each question and command, and how long a PUBACK took.

--reads N      reads a second, at eight gateways; 0: none, to compare with
--rows N       movements in the ledger
--times N      how often each question is asked
--commands N   how many items are moved, and how many lines picked
--keep FOLDER  keeps the database there for the next run, the reads of this one included
`;

const WARM_MS = 8000;
/** The longest that it may take. */
const SECONDS_MOST = 900;
const WINDOW = 400;
const LIVE_AIM_MS = 250;

interface Figures {
  readonly machine: string;
  readonly readsPerSecond: number;
  readonly ackMs: LoadReport['ackMs'];
  readonly liveMs: { readonly movements: number; readonly p50: number; readonly p99: number };
  readonly answers: readonly Answered[];
  readonly commands: readonly Said[];
  readonly memoryMiB: number;
}

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      reads: { type: 'string', default: '100000' },
      rows: { type: 'string', default: '10000000' },
      times: { type: 'string', default: '100' },
      commands: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
      keep: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return void process.stdout.write(HELP);
  try {
    const figures = await measure(Number(values.reads), Number(values.rows), values.keep, {
      times: Number(values.times),
      commands: Number(values.commands),
    });
    process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : tableOf(figures));
  } finally {
    await closeAll();
  }
}

async function measure(
  reads: number,
  rows: number,
  keep: string | undefined,
  { times, commands }: { readonly times: number; readonly commands: number },
): Promise<Figures> {
  const filled = await openFilled(rows, keep, true);
  tell('the service starts');
  const service = await installOn(filled).start();
  const base = `http://127.0.0.1:${service.httpPort}`;
  const work = await prepareCommands(base, filled, commands);
  const loading = new AbortController();
  const sent =
    reads === 0
      ? undefined
      : load(
          {
            port: service.mqttPort,
            window: WINDOW,
            seconds: SECONDS_MOST,
            readsPerSecond: reads,
            expectedReadsPerSecond: reads,
            run: Date.now() % 1_000_000_000,
          },
          loading.signal,
        );
  await sleep(WARM_MS);
  const live = await listen(base, filled.ledger.site);
  tell('questions');
  const answers = await ask(base, questionsOf(filled.ledger), times);
  tell('commands');
  const said = await sayCommands(base, work);
  const memoryMiB = Math.round(mebibytes(service.pid));
  const heard = live.stop();
  loading.abort();
  const report = await sent;
  const lateMs = await seenAfter(filled.owner, filled.ledger.site, heard);
  await service.stop();
  return {
    machine: machineText(),
    readsPerSecond: report === undefined ? 0 : Math.round(report.reads / report.seconds),
    ackMs: report?.ackMs ?? { p50: Number.NaN, p99: Number.NaN },
    liveMs: { movements: lateMs.length, p50: shareOf(lateMs, 0.5), p99: shareOf(lateMs, 0.99) },
    answers,
    commands: said,
    memoryMiB,
  };
}

function tableOf({ machine, readsPerSecond, ackMs, liveMs, answers, commands, memoryMiB }: Figures): string {
  const p = (p50: number, p99: number): string => `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    `machine                         ${machine}`,
    `reads                           ${count(readsPerSecond)} a second, PUBACK ${p(ackMs.p50, ackMs.p99)}`,
    `read to event on the stream     ${p(liveMs.p50, liveMs.p99)}, of ${count(liveMs.movements)} movements (aim: p99 ${LIVE_AIM_MS} ms)`,
    ...commands.map(
      ({ name, count: many, p50Ms, p99Ms, aimMs }) =>
        `${name.padEnd(32)}${p(p50Ms, p99Ms)}, of ${many} (aim: ${aimMs.p50} and ${aimMs.p99} ms)`,
    ),
    `memory of the engine            ${count(memoryMiB)} MiB`,
    '',
    ...tableOfAnswers(answers),
    '',
  ].join('\n');
}

await bench();
