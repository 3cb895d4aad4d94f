// The API by itself, as the benchmarks ask it: no engine behind it, nothing logged.
import { openApi } from '../../src/api/open.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';

/** On the database at `url`; a command is waited for so long at most, ms. Whoever opens it closes it. */
export const openBenchApi = (url: string, outcomeWithinMs?: number): ReturnType<typeof openApi> =>
  openApi({
    database: { url, name: 'bench api' },
    influx: undefined,
    rules: undefined,
    alerts: {},
    engine: { metrics: () => Promise.resolve(undefined), health: () => Promise.resolve(undefined) },
    clock: systemClock,
    log: createLog({ style: 'silent' }),
    version: 'bench',
    ...(outcomeWithinMs === undefined ? {} : { outcomeWithinMs }),
  });
