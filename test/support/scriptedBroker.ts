// A broker that says and hears packets, as a test tells it to.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import mqttPacket, { type IConnectPacket, type Packet } from 'mqtt-packet';
import { closeAfterTest } from './cleanUp.ts';

export interface Script {
  readonly url: string;
  /** What the present connection has said. */
  readonly heard: () => readonly Packet[];
  /** Says something on the present connection. */
  readonly say: (packet: Packet) => void;
  /** Ends the present connection, or all of them, without a word. */
  readonly cut: () => void;
  readonly cutAll: () => void;
  readonly connections: () => number;
  /** Every CONNECT that came, of any connection. */
  readonly connects: () => readonly IConnectPacket[];
}

export interface ScriptOptions {
  readonly answersPings?: boolean;
  /** Whose connection is ended without a word. */
  readonly turnsAway?: (connect: IConnectPacket) => boolean;
}

/** Lets in who comes, subscribes to everything but `no`, answers pings unless told otherwise; all else the test says. */
export async function openScript(
  version: 4 | 5,
  connack: object | ((connect: IConnectPacket) => object) = {},
  { answersPings = true, turnsAway = () => false }: ScriptOptions = {},
): Promise<Script> {
  const sockets = new Set<Socket>();
  const connects: IConnectPacket[] = [];
  let socket: Socket | undefined;
  let heard: Packet[] = [];
  let connections = 0;
  const server = createServer((fresh) => {
    sockets.add(fresh);
    socket = fresh;
    heard = [];
    connections++;
    const mine = heard;
    let spoken: number = version;
    const answer = (packet: Packet): void => void mqttPacket.writeToStream(packet, fresh, { protocolVersion: spoken });
    const parser = mqttPacket.parser({ protocolVersion: version });
    parser.on('packet', (packet) => {
      mine.push(packet);
      if (packet.cmd === 'connect') {
        connects.push(packet);
        spoken = packet.protocolVersion ?? version;
        if (turnsAway(packet)) fresh.destroy();
        else
          answer({
            cmd: 'connack',
            sessionPresent: true,
            ...(spoken === 5 ? { reasonCode: 0 } : { returnCode: 0 }),
            ...(typeof connack === 'function' ? connack(packet) : connack),
          });
      }
      if (packet.cmd === 'subscribe')
        answer({
          cmd: 'suback',
          messageId: packet.messageId!,
          granted: packet.subscriptions.map(({ topic }) => (topic === 'no' ? 0x80 : 1)),
        });
      if (packet.cmd === 'pingreq' && answersPings) answer({ cmd: 'pingresp' });
    });
    fresh
      .on('data', (chunk) => parser.parse(chunk))
      .on('error', () => {})
      .on('close', () => sockets.delete(fresh));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterTest(() => {
    for (const open of sockets) open.destroy();
    server.close();
  });
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => heard,
    say: (packet) => void mqttPacket.writeToStream(packet, socket!, { protocolVersion: version }),
    cut: () => socket?.destroy(),
    cutAll: () => {
      for (const open of sockets) open.destroy();
    },
    connections: () => connections,
    connects: () => connects,
  };
}
