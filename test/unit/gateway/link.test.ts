// A gateway's connection: whose turn it is when a broker cannot be spoken to.
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect, it } from 'vitest';
import { openLink } from '../../../gateway/link.ts';
import { selfSigned } from '../../support/certificate.ts';
import { afterTest, newFolder } from './support.ts';

const TOPICS = { will: { topic: 'status', payload: '{}' }, subscribe: 'receipt' };

const link = (url: string) =>
  openLink({ url, clientId: 'gw-1' }, TOPICS, () => undefined, new AbortController().signal);

it('A certificate that is not trusted calls somebody: it does not heal by itself', async () => {
  const { keyFile, certFile } = selfSigned(newFolder());
  const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) });
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  afterTest(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(link(`mqtts://127.0.0.1:${port}`)).rejects.toMatchObject({
    kind: 'rejected',
    code: 'tls-refused',
    message: expect.stringContaining(`mqtts://127.0.0.1:${port}: self-signed certificate`) as string,
  });
});

it('A broker that is not there does not', async () => {
  await expect(link('mqtt://127.0.0.1:9')).rejects.toMatchObject({ kind: 'unavailable', code: 'no-broker' });
});
