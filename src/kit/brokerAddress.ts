// Where a broker is: one URL, or several of one cluster, tried in turn.

export const BROKER_PROTOCOLS: readonly string[] = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

/** The URLs of a list with commas between them. Undefined when one of them is none of a broker. */
export function brokerUrls(list: string): readonly string[] | undefined {
  const urls = list.split(',').map((url) => url.trim());
  const areGood = urls.every((url) => URL.canParse(url) && isBroker(new URL(url)));
  return areGood ? urls : undefined;
}

const isBroker = ({ protocol, hostname }: URL): boolean => BROKER_PROTOCOLS.includes(protocol) && hostname !== '';

/** A URL, or a list of them, without what is secret in it. */
export function publicUrl(list: string): string {
  return list
    .split(',')
    .map((url) => {
      const { protocol, host } = new URL(url.trim());
      return `${protocol}//${host}`;
    })
    .join(',');
}
