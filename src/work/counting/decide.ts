// Commands about counts, each to whoever decides it.
import type { CountEffect } from '../../infer/countEffects.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { Command } from '../../wire/command.ts';
import { shortBins } from '../outbound/shortages.ts';
import { refused } from '../requests.ts';
import { countEffect } from './count.ts';
import type { Counts } from './counts.ts';
import { approve, refusedTask, type WithCounts } from './deciding.ts';
import { countBin } from './entering.ts';
import { cancelCount, planCount } from './planning.ts';
import { sweepBin } from './sweeping.ts';
import { takeAll } from '../takeAll.ts';

/** Decides a command about counts; undefined for any other. */
export function decideCount(
  work: WithCounts,
  command: Command,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer | undefined {
  switch (command.kind) {
    case 'plan-count':
      return planCount(work.counts, command, shortBins(work.outbound), request);
    case 'cancel-count':
    case 'count-bin':
    case 'sweep-bin':
    case 'approve-count': {
      const count = work.counts.plans.get(command.count);
      if (count === undefined)
        return work.counts.ended.has(command.count)
          ? refused('count-ended', `${command.count} was counted or cancelled long ago.`)
          : refused('unknown-count', `There is no count ${command.count} at ${request.plan.site}.`);
      if (command.kind === 'cancel-count') return cancelCount(work.counts, count, request);
      const task = count.tasks[command.task - 1];
      if (task === undefined) return refused('unknown-count', `${count.id} has no bin ${command.task}.`);
      if (command.kind === 'approve-count') return approve(work, count, task, command, request, draft);
      const refusal = refusedTask(count, task, request);
      if (refusal !== undefined) return refusal;
      return command.kind === 'count-bin'
        ? countBin(work, count, task, command, request, draft)
        : sweepBin(work, count, task, command, request, draft);
    }
    default:
      return undefined;
  }
}

/** What has changed since it was last asked. */
export function countsTold({ plans, untold }: Counts): CountEffect[] {
  return takeAll(untold, ([id, tasks]) => countEffect(plans.get(id)!, tasks));
}
