// One way to ask the API: answers are typed by who asks, failures are always an ApiFault with words for a person.
import { noteServerTime } from '../live/clock.ts';
import { operatorHeader } from '../shared/operator.ts';

/** Longer than the API takes to give up on a command (10 s). */
const ANSWER_WITHIN_MS = 15_000;

/** Postgres is away, or what stands between does not reach the service. */
const PASSING: ReadonlySet<number> = new Set([502, 503, 504]);

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Something that was asked for did not come. `status` is 0 when the service did not answer at all. */
export class ApiFault extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
  /** Nobody has decided yet: the same question again, under the same key, is right. */
  get isPassing(): boolean {
    return this.status === 0 || PASSING.has(this.status);
  }
}

export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const response = await ask(urlOf(path, query), { method: 'GET' }, signal);
  if (!response.ok) throw await faultOf(response);
  return (await response.json()) as T;
}

/** Also the answers that say no: readiness is told with a 503. */
export async function getAny<T>(path: string): Promise<T> {
  const response = await ask(path, { method: 'GET' });
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiFault(response.status, 'unreadable', `${path} answered with something else than JSON.`);
  }
}

export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await ask(path, { method: 'GET' }, signal);
  if (!response.ok) throw await faultOf(response);
  return response.text();
}

/** Sends a command. The same `key` again is the same command: carried out once, answered as before. */
export function post<T>(path: string, body: unknown, key: string): Promise<T> {
  return send('POST', path, body === undefined ? undefined : JSON.stringify(body), 'application/json', key);
}

/** Says something anew, whole. */
export const put = <T>(path: string, body: unknown, key: string): Promise<T> =>
  send('PUT', path, JSON.stringify(body), 'application/json', key);

/** The same with a file, as it is. */
export const postFile = <T>(path: string, file: Blob, type: string, key: string): Promise<T> =>
  send('POST', path, file, type, key);

async function send<T>(
  method: 'POST' | 'PUT',
  path: string,
  body: string | Blob | undefined,
  type: string,
  key: string,
): Promise<T> {
  const response = await ask(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': type }),
      'idempotency-key': key,
      ...operatorHeader(),
    },
    ...(body === undefined ? {} : { body }),
  });
  if (!response.ok) throw await faultOf(response);
  return (await response.json()) as T;
}

/** A new Idempotency-Key. `crypto.randomUUID` is missing where the page comes by plain HTTP from another machine. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

export function urlOf(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

async function ask(url: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ANSWER_WITHIN_MS);
  const abort = (): void => controller.abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const response = await fetch(url, { ...init, signal: controller.signal });
    noteServerTime(response.headers.get('date'));
    return response;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw controller.signal.aborted
      ? new ApiFault(0, 'no-answer', `The service did not answer within ${ANSWER_WITHIN_MS / 1000} seconds.`)
      : new ApiFault(0, 'no-connection', 'The service cannot be reached from here just now.');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

async function faultOf(response: Response): Promise<ApiFault> {
  try {
    const { code, detail, title } = (await response.json()) as { code?: string; detail?: string; title?: string };
    return new ApiFault(response.status, code ?? 'unknown', detail ?? title ?? `It answered ${response.status}.`);
  } catch {
    return new ApiFault(response.status, 'unknown', `The service answered ${response.status}.`);
  }
}

export const asFault = (error: unknown): ApiFault =>
  error instanceof ApiFault ? error : new ApiFault(0, 'page', error instanceof Error ? error.message : String(error));
