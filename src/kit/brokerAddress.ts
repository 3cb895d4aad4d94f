// Where a broker is: one URL, or several of one cluster with commas between them, tried in turn. A password may have commas and
// worse in it, and is never told.
import { unescape } from 'node:querystring';

export const BROKER_PROTOCOLS: readonly string[] = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

/** The URLs of a list. Undefined when one of them is none of a broker. */
export function brokerUrls(list: string): readonly string[] | undefined {
  const urls = urlsOf(list);
  const areGood = urls.every((url) => URL.canParse(url) && isBroker(new URL(url)));
  return areGood ? urls : undefined;
}

/** A comma that no URL begins behind is part of the one before it. */
const urlsOf = (list: string): readonly string[] =>
  list.split(/,(?=\s*[a-z][a-z0-9+.-]*:\/\/)/i).map((url) => url.trim());

const isBroker = ({ protocol, hostname }: URL): boolean =>
  BROKER_PROTOCOLS.includes(protocol) && hostname !== '' && !hostname.includes(',');

export interface Credentials {
  /** Without them. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Who we are, as a URL of a broker says. */
export function credentialsOf(url: string): Credentials {
  const parsed = new URL(url);
  const username = decoded(parsed.username);
  const password = decoded(parsed.password);
  parsed.username = '';
  parsed.password = '';
  return { url: parsed.toString(), username, password };
}

/** A % that begins no code of a character is meant as it stands. */
const decoded = (text: string): string | undefined => (text === '' ? undefined : unescape(text));

/** URLs of brokers, without what is secret in them. */
export function publicUrl(list: string): string {
  return urlsOf(list)
    .map((url) => {
      const { protocol, host } = new URL(url);
      return `${protocol}//${host}`;
    })
    .join(',');
}

/** What is no URL of a broker, to be told: everything up to its last @ may be a password. */
export const withoutSecrets = (text: string): string => text.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');
