// Commands about transfers, each to whoever decides it.
import type { EffectsDraft } from '../../infer/effects.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { NoticeEffect, TransferEffect } from '../../infer/transferEffects.ts';
import type { Command } from '../../wire/command.ts';
import type { WorkState } from '../work.ts';
import { closeTransfer } from './closing.ts';
import { hearReceived, hearSent } from './hearing.ts';
import { orderTransfer, sendTransfer } from './sending.ts';
import { transferEffect } from './transfer.ts';
import type { Transfers } from './transfers.ts';
import { takeAll } from '../takeAll.ts';

/** Decides a command about transfers; undefined for any other. */
export function decideTransfer(
  work: WorkState,
  command: Command,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer | undefined {
  switch (command.kind) {
    case 'transfer':
      return orderTransfer(work, command, request, draft);
    case 'send-transfer':
      return sendTransfer(work, command, request, draft);
    case 'close-transfer':
      return closeTransfer(work, command, request, draft);
    case 'transfer-sent':
      return hearSent(work, command, request, draft);
    case 'transfer-received':
      return hearReceived(work, command, request, draft);
    default:
      return undefined;
  }
}

/** What has changed since it was last asked, and what other sites are to be told. */
export function transfersTold({ byAccount, untold, notices }: Transfers): {
  readonly transfers: TransferEffect[];
  readonly notices: NoticeEffect[];
} {
  return {
    transfers: takeAll(untold, (account) => transferEffect(byAccount.get(account)!)),
    notices: notices.splice(0),
  };
}
