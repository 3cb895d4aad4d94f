// One MQTT message on its way into the journal, from whichever broker.

export interface Connection {
  readonly id: string;
  /** The sender is gone: what it has not been acknowledged for comes again, so it need not be kept. */
  readonly isClosed: () => boolean;
}

export interface Delivery {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  /** Our clock, ms. */
  readonly receivedAt: number;
  readonly connection: Connection;
  /** The site whose session at an external broker it came by; undefined on the embedded broker, which serves all sites. */
  readonly site?: string;
  /** Durable, or of no use: it may be acknowledged. To be called in the order of arrival of a connection. */
  readonly settle: () => void;
}
