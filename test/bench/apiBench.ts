// `npm run bench:api`: how quickly the API answers over a large ledger on this machine. A database of its own (embedded Postgres, real
// schema) is filled first (fillLedger.ts); then each question is asked over HTTP again and again, each time of something else, first a few
// times unmeasured. Postgres, API and who asks share the machine, and whatever else runs there: figures are upper bounds.
import { parseArgs } from 'node:util';
import { openBenchApi } from './benchApi.ts';
import { closeAll } from '../support/cleanUp.ts';
import { machineText, openFilled, type Filled } from './filled.ts';
import { ask, questionsOf, tableOfAnswers, type Answered } from './questions.ts';

const HELP = `npm run bench:api -- [--rows 10000000] [--times 200] [--only TEXT] [--json] [--keep FOLDER]

Fills a ledger of a year, asks the API what people ask it, one question after the other, and prints p50 and p99 of each.

--rows N[,M]   movements in the ledger; of several ledgers each question's time in the last one is told beside the first
--times N      how often each question is asked
--only TEXT    asks only those whose names contain it
--keep FOLDER  keeps the filled database there for the next run, a folder of its own for each N
`;

interface Asked {
  readonly movements: number;
  readonly bytes: number;
  readonly items: number;
  readonly fillSeconds: number;
  readonly answers: readonly Answered[];
}

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '10000000' },
      times: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
      keep: { type: 'string' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return void process.stdout.write(HELP);
  const ledgers: Asked[] = [];
  const sizes = values.rows.split(',').map(Number);
  for (const rows of sizes) {
    const keep = values.keep === undefined || sizes.length === 1 ? values.keep : `${values.keep}-${rows}`;
    try {
      ledgers.push(await askOne(await openFilled(rows, keep, false), Number(values.times), values.only));
    } finally {
      await closeAll();
    }
  }
  const machine = machineText();
  const growth = growthOf(ledgers);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ machine, ...(ledgers.length === 1 ? ledgers[0] : { ledgers, growth }) })}\n`
      : [`machine    ${machine}`, ...ledgers.flatMap((asked) => tableOf(asked)), ...growthTable(growth), ''].join('\n'),
  );
}

async function askOne({ url, owner, ledger, fillSeconds }: Filled, times: number, only: string): Promise<Asked> {
  const { rows } = await owner.query<{ movements: number; bytes: number }>(
    `select (select count(*) from transaction) as movements, pg_database_size(current_database()) as bytes`,
  );
  const api = await openBenchApi(url);
  try {
    const base = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const questions = questionsOf(ledger).filter(({ name }) => name.includes(only));
    return { ...rows[0]!, items: ledger.items, fillSeconds, answers: await ask(base, questions, times) };
  } finally {
    await api.close();
  }
}

interface Growth {
  readonly name: string;
  /** Median in the last ledger over that in the first. */
  readonly times: number;
}

const growthOf = (ledgers: readonly Asked[]): readonly Growth[] =>
  ledgers.length < 2
    ? []
    : ledgers[0]!.answers.map(({ name, p50Ms }, index) => ({
        name,
        times: Number((ledgers.at(-1)!.answers[index]!.p50Ms / p50Ms).toFixed(2)),
      }));

const growthTable = (growth: readonly Growth[]): readonly string[] =>
  growth.length === 0
    ? []
    : [
        'p50 in the last ledger, as a multiple of the first',
        ...growth.map(({ name, times }) => `${name.padEnd(32)}${times}`),
      ];

function tableOf({ movements, items, bytes, fillSeconds, answers }: Asked): readonly string[] {
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    `ledger     ${count(movements)} movements and as many postings, ${count(items)} tags, ${(bytes / 2 ** 30).toFixed(1)} GiB, filled in ${fillSeconds.toFixed(0)} s`,
    '',
    ...tableOfAnswers(answers),
    '',
  ];
}

await bench();
