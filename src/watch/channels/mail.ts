// Changes by e-mail: what came together is one mail. Its Message-ID is made of what is in it: the same mail has the same one
// however often it is sent, and no other mail has it.
import type { Mail } from '../../config/alerts.ts';
import { messageOf } from '../../kit/faults.ts';
import { contentId } from '../../kit/ids.ts';
import type { AlertMessage } from '../../wire/alert.ts';

const ANSWER_WITHIN_MS = 15_000;
/** More than so many are counted, not listed. */
const LISTED_MAX = 50;

/**
 * Resolves when the server has taken it for one recipient at least, with what it said of those that it refuses: they are not
 * told, now or later. Throws what the server said when it takes it for nobody; never with the password in it.
 */
export async function sendMail(
  settings: Mail,
  password: string | undefined,
  messages: readonly AlertMessage[],
): Promise<readonly string[]> {
  const { host, port = 587, secure = false, user, from, to } = settings;
  // A server may repeat what it was told: the password as it is, or as SMTP sends it (AUTH PLAIN, AUTH LOGIN).
  const secrets = password === undefined ? [] : [password, base64(`\0${user}\0${password}`), base64(password)];
  const withoutPassword = (text: string): string =>
    secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
  const { createTransport } = await import('nodemailer'); // not loaded where nobody wants mails
  const transport = createTransport({
    host,
    port,
    secure,
    connectionTimeout: ANSWER_WITHIN_MS,
    greetingTimeout: ANSWER_WITHIN_MS,
    socketTimeout: ANSWER_WITHIN_MS,
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
  });
  try {
    const { rejected, rejectedErrors = [] } = await transport.sendMail({
      from,
      to,
      subject: subjectOf(messages),
      text: textOf(messages),
      messageId: `<${contentId('mail', ...messages.map(({ delivery }) => delivery).toSorted())}@tallygate>`,
      headers: { 'auto-submitted': 'auto-generated' },
    });
    return rejected.map((address) => {
      const reason = rejectedErrors.find(({ recipient }) => recipient === address)?.response;
      return reason === undefined ? address : `${address} (${withoutPassword(reason)})`;
    });
  } catch (error) {
    throw new Error(withoutPassword(messageOf(error)), { cause: error });
  } finally {
    transport.close();
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const worst = (messages: readonly AlertMessage[]): string =>
  ['critical', 'warning'].find((severity) => messages.some((one) => one.severity === severity)) ?? 'info';

const words = (kind: string): string => kind.replaceAll('-', ' ');

function subjectOf(messages: readonly AlertMessage[]): string {
  const [first] = messages;
  const sites = [...new Set(messages.map(({ site }) => site))].join(', ');
  if (messages.length === 1) return `[${sites}] ${first!.severity}: ${words(first!.kind)} ${words(first!.change)}`;
  return `[${sites}] ${worst(messages)}: ${messages.length} changes of alerts`;
}

function textOf(messages: readonly AlertMessage[]): string {
  const listed = messages
    .slice(0, LISTED_MAX)
    .map((one) =>
      [
        `${one.severity.toUpperCase()} ${words(one.kind)} at ${one.site}, ${one.change} ${one.at}`,
        `  ${one.message}`,
        ...(one.state === 'resolved' ? [] : [`  To do: ${one.suggestion}`]),
        ...(one.confidence < 1 ? [`  How sure: ${Math.round(one.confidence * 100)} %`] : []),
        ...(one.note === null ? [] : [`  ${one.actor}: ${one.note}`]),
        ...(one.page === null ? [] : [`  ${one.page}`]),
      ].join('\n'),
    );
  const more = messages.length - listed.length;
  return `${[...listed, ...(more > 0 ? [`and ${more} more: see the page.`] : [])].join('\n\n')}\n`;
}
