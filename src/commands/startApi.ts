// The API in a process of its own, so that it stays quick while the intake is under load.
import type { Engine } from '../run/engine.ts';
import { startChild, type Child } from '../kit/child.ts';
import { rejected } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import type { ApiMessage, ApiStart } from './api.ts';
import type { Undo } from './undo.ts';

const API_RESTART_MS = 1000;

export interface RunningApi {
  readonly port: number;
  readonly taken: readonly number[];
}

/** Started again when it ends by itself. Throws when it cannot start at first. */
export function startApi(start: ApiStart, engine: Engine, log: Logger, undo: Undo[]): Promise<RunningApi> {
  let isStopping = false;
  let child: Child | undefined;
  undo.push(async () => {
    isStopping = true;
    await child?.stop(1500);
  });
  return new Promise((resolve, reject) => {
    let asked = start;
    const launch = (): void => {
      child = startChild(['api'], process.env, (message, self) => {
        const said = message as ApiMessage;
        if ('ready' in said) {
          // Started again it must be where it was.
          asked = { ...start, config: { ...start.config, httpPort: said.ready.port, httpPortAsked: true } };
          resolve(said.ready);
        } else if ('failed' in said) reject(rejected('api', said.failed));
        else void answer(engine, said, self);
      });
      child.send(asked);
      void child.ended.then((code) => {
        if (isStopping) return;
        reject(rejected('api', `The API ended with code ${code} before it was ready.`));
        log.error({ code }, 'the API process ended; it is started again');
        setTimeout(() => !isStopping && launch(), API_RESTART_MS);
      });
    };
    launch();
  });
}

async function answer(engine: Engine, asked: Extract<ApiMessage, { ask: unknown }>, child: Child): Promise<void> {
  child.send({ id: asked.id, answer: await answerTo(engine, asked) });
}

function answerTo(engine: Engine, asked: Extract<ApiMessage, { ask: unknown }>): unknown {
  switch (asked.ask) {
    case 'health':
      return engine.health();
    case 'metrics':
      return engine.figures.registry.metrics();
    case 'figures':
      return engine.siteFigures();
    case 'publish':
      return engine.publish(asked.topic, asked.payload);
  }
}
