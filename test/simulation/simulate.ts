// Many schedules, or one: `npx tsx test/simulation/simulate.ts --seed 42` tells what happens in it, `--seeds 1000 --from 1` runs
// so many, `--minutes 1` as many as that takes. Ends with 1 when one fails.
import { parseArgs } from 'node:util';
import { runSeed, tell, type Outcome } from './schedule.ts';

const elapsed = performance.now.bind(performance);
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    minutes: { type: 'string' },
  },
});

const SEEDS_TOLD_MAX = 20;

if (values.seed !== undefined) {
  const outcome = await runSeed(Number(values.seed));
  console.log(tell(outcome));
  console.log(JSON.stringify(outcome.counts));
  process.exitCode = outcome.breaches.length === 0 ? 0 : 1;
} else await runMany();

async function runMany(): Promise<void> {
  const startedAt = elapsed();
  const from = Number(values.from);
  const forMs = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes) * 60_000;
  const to = values.minutes === undefined ? from + Number(values.seeds) : Number.POSITIVE_INFINITY;
  const failed: Outcome[] = [];
  const sums: Record<string, number> = {};
  let seed = from;
  for (; seed < to && elapsed() - startedAt < forMs; seed++) {
    const outcome = await runSeed(seed);
    for (const [name, count] of Object.entries(outcome.counts)) sums[name] = (sums[name] ?? 0) + count;
    if (outcome.breaches.length > 0) failed.push(outcome);
  }
  const seconds = (elapsed() - startedAt) / 1000;
  console.log(`${seed - from} schedules in ${seconds.toFixed(1)} s, ${failed.length} failed: ${JSON.stringify(sums)}`);
  for (const { plan, breaches } of failed.slice(0, SEEDS_TOLD_MAX))
    console.log(`  seed ${plan.seed}: ${breaches[0]!.slice(0, 300)}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
