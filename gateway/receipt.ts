// Receipts as they come from the broker: what is none is ignored and said so; what was set aside is told, once.
import { Compile } from 'typebox/compile';
import type { Logger } from '../src/kit/log.ts';
import { ReceiptMessage } from '../src/wire/envelope.ts';

const check = Compile(ReceiptMessage);
/** Most rejected entries of one receipt that are told one by one; the service keeps all. */
const REJECTS_TOLD_MAX = 10;
const TEXT_CHARS_MAX = 200;

/** Undefined for what is no receipt, or one of another epoch: of an outbox that is gone. */
export function receiptFor(epoch: string, payload: Buffer, log: Logger): ReceiptMessage | undefined {
  const receipt = parse(payload);
  if (receipt === undefined) {
    log.warn({ payload: payload.toString('utf8', 0, TEXT_CHARS_MAX) }, 'a receipt that is none was ignored');
    return undefined;
  }
  if (receipt.epoch === epoch) return receipt;
  log.debug({ epoch: receipt.epoch, ours: epoch }, 'a receipt of another epoch was ignored');
  return undefined;
}

/** What is rejected is durable in quarantine: sending it again would change nothing, somebody has to look. */
export function tellRejected({ rejected = [] }: ReceiptMessage, log: Logger): void {
  for (const { seq, code, message } of rejected.slice(0, REJECTS_TOLD_MAX)) {
    log.warn({ seq, code, reason: message }, 'the service put something of an envelope into quarantine');
  }
  const more = rejected.length - REJECTS_TOLD_MAX;
  if (more > 0) log.warn({ more }, 'and more of the same receipt: see /v1/quarantine');
}

function parse(payload: Buffer): ReceiptMessage | undefined {
  try {
    const message: unknown = JSON.parse(payload.toString('utf8'));
    return check.Check(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
