// Orders that were given to a site that has not answered. Whoever asks again is answered by that site, so that no other one gets the order as
// well: what is noted before a command is appended is found also after a process has ended in between.
import { newUuid } from '../kit/ids.ts';
import type { Command } from '../wire/command.ts';
import type { CommandAnswer } from './commands.ts';
import type { Context } from './context.ts';
import { ApiFault } from './problem.ts';

type OrderCommand = Extract<Command, { kind: 'order' }>;
type Tools = Pick<Context, 'pool' | 'commands'>;

/** Enters an order at a site, under a key of its own each time: the number of the order is what makes it one. */
export async function tryToEnter(
  tools: Tools,
  site: string,
  actor: string,
  command: OrderCommand,
): Promise<CommandAnswer> {
  const key = newUuid();
  await tools.pool.query({
    name: 'note-order-try',
    text: 'insert into order_try (site, key, order_id, command) values ($1, $2, $3, $4)',
    values: [site, key, command.order, JSON.stringify(command)],
  });
  return answerTo(tools, { site, key, command }, actor);
}

/**
 * Waits for the answers to all that was tried with this order and these sites before. Throws `outcome-pending` when a site does not answer
 * still: it may have the order, and nobody else may get it.
 */
export async function settleTries(tools: Tools, order: string, sites: readonly string[], actor: string): Promise<void> {
  const { rows } = await tools.pool.query<Tried & Record<string, unknown>>({
    name: 'order-tries',
    text: 'select site, key, command from order_try where order_id = $1 and site = any ($2) order by tried_at, key',
    values: [order, sites],
  });
  for (const tried of rows) {
    try {
      await answerTo(tools, tried, actor);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      // Refused there: it may be given to another one.
      if (error.code !== 'outcome-pending') continue;
      throw new ApiFault(
        503,
        'outcome-pending',
        `${tried.site} was given ${order} before and has not answered yet, so no other site gets it. Ask again when ${tried.site} is back.`,
      );
    }
  }
}

interface Tried {
  readonly site: string;
  readonly key: string;
  readonly command: OrderCommand;
}

/** Said again under its key it is the same command; once it is answered nobody need look for it. */
async function answerTo(
  { pool, commands }: Tools,
  { site, key, command }: Tried,
  actor: string,
): Promise<CommandAnswer> {
  const forget = () =>
    pool.query({
      name: 'forget-order-try',
      text: 'delete from order_try where (site, key) = ($1, $2)',
      values: [site, key],
    });
  try {
    const answer = await commands.run(site, key, actor, command);
    await forget();
    return answer;
  } catch (error) {
    if (error instanceof ApiFault && error.code !== 'outcome-pending') await forget();
    throw error;
  }
}
