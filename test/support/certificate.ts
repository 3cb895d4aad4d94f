// A certificate for this machine, signed by itself, so that nobody trusts it who has not been told to.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface Certificate {
  readonly keyFile: string;
  readonly certFile: string;
}

/** Made by openssl, in this folder. */
export function selfSigned(folder: string): Certificate {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
  const where = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile];
  spawnSync('openssl', [...request.split(' '), ...where]);
  return { keyFile, certFile };
}
