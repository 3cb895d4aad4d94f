// One change to a webhook, signed as Standard Webhooks has it (HMAC-SHA256 over `id.timestamp.body`), so that the receiver
// knows who sent it, when, and whether it had it already: https://github.com/standard-webhooks/standard-webhooks
import { createHmac } from 'node:crypto';
import type { AlertMessage } from '../../wire/alert.ts';

const ANSWER_WITHIN_MS = 10_000;
const BASE64_PREFIX = 'whsec_';

/** The headers of a delivery. `at` in ms; a secret that begins with `whsec_` is base64, any other is taken as it is. */
export function signedHeaders(secret: string, id: string, at: number, body: string): Record<string, string> {
  const key = secret.startsWith(BASE64_PREFIX) ? Buffer.from(secret.slice(BASE64_PREFIX.length), 'base64') : secret;
  const timestamp = Math.floor(at / 1000).toString();
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

/** Resolves when the receiver has taken it (2xx). Throws with words for a person; never with the secret in them. */
export async function sendWebhook(url: string, secret: string, message: AlertMessage, now: number): Promise<void> {
  const body = JSON.stringify(message);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: signedHeaders(secret, message.delivery, now, body),
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
    if (name === 'TimeoutError') throw new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`, { cause: error });
    throw new Error(`it cannot be reached (${cause?.code ?? cause?.message ?? name})`, { cause: error });
  }
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}
