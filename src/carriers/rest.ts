// A carrier with an API, as tallygate.yaml describes it: placeholders are filled in, the request is sent, and what we need is taken from
// where the answer has it.
import type { Placeholder, Request, RestFile } from '../config/carriers.ts';
import type { Booked, Carrier, Parcel, Rate } from './carrier.ts';

const TIMEOUT_MS = 10_000;
/** What is read of an answer: labels are some 100 KB. */
const ANSWER_BYTES_MAX = 4_194_304;

type Values = Readonly<Partial<Record<Placeholder, string | number | undefined>>>;

export function restCarrier(file: RestFile, secret: (variable: string) => string | undefined): Carrier {
  const { id, kind, rates, label, tracking, void: taking } = file;
  const hidden = file.secretVariable === undefined ? undefined : secret(file.secretVariable);
  const ask = (request: Request, parcel: Parcel, more: Values = {}, key?: string): Promise<unknown> =>
    send(file, request, { ...valuesOf(parcel), secret: hidden, ...more }, key);
  return {
    id,
    kind,
    collection: file,
    ...(rates && {
      rates: async (parcel) => {
        const answer = await ask(rates, parcel);
        const list = at(answer, rates.answer.rates);
        if (!Array.isArray(list)) throw new Error(`${id} answered without a list at ${rates.answer.rates}`);
        return list.map((one): Rate => rateOf(id, one, rates.answer));
      },
    }),
    label: async (parcel, { service, key }): Promise<Booked> => {
      const answer = await ask(label, parcel, { service: service ?? '' }, key);
      const number = at(answer, label.answer.tracking);
      if (typeof number !== 'string' && typeof number !== 'number')
        throw new Error(`${id} answered without a number at ${label.answer.tracking}`);
      const content = label.answer.label === undefined ? undefined : at(answer, label.answer.label);
      const mediaType = label.answer.mediaType === undefined ? undefined : at(answer, label.answer.mediaType);
      return {
        tracking: String(number),
        label:
          typeof content === 'string'
            ? {
                mediaType: mediaTypeOf(mediaType),
                content: Buffer.from(content, 'base64'),
              }
            : undefined,
      };
    },
    ...(tracking && {
      tracking: async (parcel, number) => {
        const answer = await ask(tracking, parcel, { tracking: number });
        const status = at(answer, tracking.answer.status);
        if (typeof status !== 'string') throw new Error(`${id} answered without a text at ${tracking.answer.status}`);
        const since = tracking.answer.at === undefined ? undefined : at(answer, tracking.answer.at);
        return { status, at: typeof since === 'string' ? since : undefined };
      },
    }),
    ...(taking && {
      void: async (parcel, number) => {
        await ask(taking, parcel, { tracking: number });
      },
    }),
  };
}

/** What labels are; anything else is only bytes, so that no browser runs what a carrier sent. */
const LABELS: ReadonlySet<string> = new Set([
  'application/pdf',
  'application/zpl',
  'image/png',
  'image/jpeg',
  'image/gif',
  'text/plain',
]);

function mediaTypeOf(said: unknown): string {
  if (said === undefined) return 'application/pdf';
  return typeof said === 'string' && LABELS.has(said.toLowerCase()) ? said.toLowerCase() : 'application/octet-stream';
}

function rateOf(id: string, one: unknown, where: NonNullable<RestFile['rates']>['answer']): Rate {
  const [service, price] = [at(one, where.service), Number(at(one, where.price))];
  if (typeof service !== 'string' || !Number.isFinite(price))
    throw new Error(`${id} answered with a rate without ${where.service} or ${where.price}`);
  const currency = where.currency === undefined ? undefined : at(one, where.currency);
  return { service, price, currency: typeof currency === 'string' ? currency : undefined };
}

const valuesOf = ({ weightG, ...parcel }: Parcel): Values => ({
  ...parcel,
  weightG,
  weightKg: weightG === undefined ? undefined : weightG / 1000,
});

/** What stands at a path of names and positions; undefined when nothing does. */
function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

const PLACEHOLDER = /\{(\w+)\}/g;

const filled = (text: string, values: Values, encode: (value: string) => string = (value) => value): string =>
  text.replaceAll(PLACEHOLDER, (_all, name: string) => encode(String(values[name as Placeholder] ?? '')));

/** Texts of a body filled in; one that is a placeholder and nothing else is what that is, a number too, and null where nobody knows. */
function filledBody(body: unknown, values: Values): unknown {
  if (typeof body === 'string') {
    const [, only] = /^\{(\w+)\}$/.exec(body) ?? [];
    return only === undefined ? filled(body, values) : (values[only as Placeholder] ?? null);
  }
  if (Array.isArray(body)) return body.map((one) => filledBody(one, values));
  if (body === null || typeof body !== 'object') return body;
  return Object.fromEntries(Object.entries(body).map(([name, one]) => [name, filledBody(one, values)]));
}

async function send(
  { id, headers = {}, timeoutMs = TIMEOUT_MS }: RestFile,
  { method = 'POST', url, body }: Request,
  values: Values,
  key: string | undefined,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(filled(url, values, encodeURIComponent), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value, values)])),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(filledBody(body, values)) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
    if (name === 'TimeoutError') throw new Error(`${id} did not answer within ${timeoutMs / 1000} s`, { cause: error });
    throw new Error(`${id} cannot be reached (${cause?.code ?? cause?.message ?? name})`, { cause: error });
  }
  const text = (await response.text()).slice(0, ANSWER_BYTES_MAX);
  if (!response.ok) throw new Error(`${id} answered ${response.status}: ${text.slice(0, 200)}`);
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${id} answered with something else than JSON`, { cause: error });
  }
}
