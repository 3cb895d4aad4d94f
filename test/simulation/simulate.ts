// Many schedules, or one: `npx tsx test/simulation/simulate.ts --seed 42` tells what happens in it, `--seeds 1000 --from 1` runs
// so many, `--minutes 1` as many as that takes, in as many processes as there are cores, or `--processes N`. Ends with 1 when
// one fails.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runSeed, tell } from './schedule.ts';

const elapsed = performance.now.bind(performance);
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    processes: { type: 'string', default: String(availableParallelism()) },
    /** Of a process of many: which of them it is. */
    share: { type: 'string' },
  },
});

/** What one process has to tell of its schedules. */
interface Ran {
  readonly schedules: number;
  readonly sums: Readonly<Record<string, number>>;
  readonly failed: readonly { readonly seed: number; readonly breach: string }[];
}

const SEEDS_TOLD_MAX = 20;
/** Schedules make much garbage, nearly all of it short-lived. */
const MEMORY = '--max-semi-space-size=64';
const from = Number(values.from);
const processes = Number(values.processes);

if (values.seed !== undefined) {
  const outcome = await runSeed(Number(values.seed));
  console.log(tell(outcome));
  console.log(JSON.stringify(outcome.counts));
  process.exitCode = outcome.breaches.length === 0 ? 0 : 1;
} else if (values.share !== undefined) process.send!(await runShare(Number(values.share)));
else await runMany();

/** Every so-manieth seed. */
async function runShare(share: number): Promise<Ran> {
  const startedAt = elapsed();
  const forMs = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes) * 60_000;
  const to = values.minutes === undefined ? from + Number(values.seeds) : Number.POSITIVE_INFINITY;
  const failed: { seed: number; breach: string }[] = [];
  const sums: Record<string, number> = {};
  let schedules = 0;
  for (let seed = from + share; seed < to && elapsed() - startedAt < forMs; seed += processes, schedules++) {
    const { counts, breaches } = await runSeed(seed);
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
    if (breaches.length > 0) failed.push({ seed, breach: breaches[0]! });
  }
  return { schedules, sums, failed };
}

async function runMany(): Promise<void> {
  const startedAt = elapsed();
  const shares = await Promise.all(Array.from({ length: processes }, (_, share) => runElsewhere(share)));
  const seconds = (elapsed() - startedAt) / 1000;
  const schedules = shares.reduce((sum, ran) => sum + ran.schedules, 0);
  const failed = shares.flatMap((ran) => ran.failed).toSorted((a, b) => a.seed - b.seed);
  const sums: Record<string, number> = {};
  for (const [name, count] of shares.flatMap((ran) => Object.entries(ran.sums))) sums[name] = (sums[name] ?? 0) + count;
  const perMinute = Math.round((60 * schedules) / seconds);
  console.log(
    `${schedules} schedules in ${seconds.toFixed(1)} s, ${perMinute} a minute, ${failed.length} failed: ${JSON.stringify(sums)}`,
  );
  for (const { seed, breach } of failed.slice(0, SEEDS_TOLD_MAX))
    console.log(`  seed ${seed}: ${breach.slice(0, 300)}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

async function runElsewhere(share: number): Promise<Ran> {
  const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), `--share=${share}`], {
    execArgv: [...process.execArgv, MEMORY],
  });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`process ${share} ended with ${code}`))),
  ])) as [Ran];
  return message;
}
