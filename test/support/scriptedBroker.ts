// A broker that says and hears packets, as a test tells it to.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { closeAfterTest } from './cleanUp.ts';

export interface Script {
  readonly url: string;
  /** What the present connection has said. */
  readonly heard: () => readonly Packet[];
  readonly say: (packet: Packet) => void;
  readonly cut: () => void;
  readonly connections: () => number;
}

/** Lets in who comes, subscribes to everything but `no`, answers pings unless told otherwise; all else the test says. */
export async function openScript(version: 4 | 5, connack: object = {}, answersPings = true): Promise<Script> {
  const protocolVersion = { protocolVersion: version };
  let socket: Socket | undefined;
  let heard: Packet[] = [];
  let connections = 0;
  const say = (packet: Packet): void => void mqttPacket.writeToStream(packet, socket!, protocolVersion);
  const server = createServer((fresh) => {
    socket = fresh;
    heard = [];
    connections++;
    const mine = heard;
    const parser = mqttPacket.parser(protocolVersion);
    parser.on('packet', (packet) => {
      mine.push(packet);
      if (packet.cmd === 'connect')
        say({
          cmd: 'connack',
          sessionPresent: true,
          ...(version === 5 ? { reasonCode: 0 } : { returnCode: 0 }),
          ...connack,
        });
      if (packet.cmd === 'subscribe')
        say({
          cmd: 'suback',
          messageId: packet.messageId!,
          granted: packet.subscriptions.map(({ topic }) => (topic === 'no' ? 0x80 : 1)),
        });
      if (packet.cmd === 'pingreq' && answersPings) say({ cmd: 'pingresp' });
    });
    fresh.on('data', (chunk) => parser.parse(chunk)).on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterTest(() => {
    socket?.destroy();
    server.close();
  });
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => heard,
    say,
    cut: () => socket?.destroy(),
    connections: () => connections,
  };
}
