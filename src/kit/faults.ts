// A fault says who must act. Everything thrown on purpose is a Fault; anything else is a defect.

export type FaultKind =
  | 'rejected' // the sender: malformed, unknown reader       → quarantined, 400/404/422
  | 'conflict' // the sender: same id, other content          → quarantined and alarmed, 409
  | 'unavailable' // nobody yet: Postgres is away             → retried, deliveries held, 503
  | 'defect'; // us: an invariant does not hold               → crash, restart, replay, 500

/** An error with an address: who must act (`kind`), a stable `code` and what to do (`message`). */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly code: string;
  readonly detail: Readonly<Record<string, unknown>> | undefined;

  constructor(
    kind: FaultKind,
    code: string,
    message: string,
    options: { detail?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.kind = kind;
    this.code = code;
    this.detail = options.detail;
  }
}

export const rejected = (code: string, message: string, detail?: Readonly<Record<string, unknown>>): Fault =>
  new Fault('rejected', code, message, detail ? { detail } : {});

export const conflict = (code: string, message: string, detail?: Readonly<Record<string, unknown>>): Fault =>
  new Fault('conflict', code, message, detail ? { detail } : {});

export const defect = (code: string, message: string, detail?: Readonly<Record<string, unknown>>): Fault =>
  new Fault('defect', code, message, detail ? { detail } : {});

/** Throws a defect when an invariant does not hold. `message` says which, as a sentence. */
export function assert(
  condition: unknown,
  message: string,
  detail?: Readonly<Record<string, unknown>>,
): asserts condition {
  if (!condition) throw defect('invariant', message, detail);
}

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
