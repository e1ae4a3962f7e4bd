/** A certificate authority of this test run: made by openssl in a fresh folder, trusted by nobody. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Without openssl no certificate can be made, and the tests say so. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export type Identity = { readonly cert: string; readonly key: string };
export type LocalCa = {
  readonly folder: string;
  /** PEM, and the file that holds it. */
  readonly ca: string;
  readonly caFile: string;
  /** Signed by it. `days` below 0: expired. */
  readonly identity: (name: string, options?: { readonly san?: string; readonly days?: number }) => Identity;
};

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(...words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'ignore' });
}

export function makeCa(): LocalCa {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-ca-'));
  const at = (name: string): string => join(folder, name);
  const caFile = at('ca.pem');
  openssl('req', '-x509', ...curve, '-keyout', at('ca.key'), '-out', caFile, '-subj', '/CN=ca', '-days', '2');
  return {
    folder,
    caFile,
    ca: readFileSync(caFile, 'utf8'),
    identity: (name, { san = 'DNS:localhost,IP:127.0.0.1', days = 2 } = {}) => {
      const [key, request, cert] = [at(`${name}.key`), at(`${name}.csr`), at(`${name}.pem`)];
      writeFileSync(at(`${name}.ext`), `subjectAltName=${san}\n`);
      openssl('req', ...curve, '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
      const signing = ['-CA', caFile, '-CAkey', at('ca.key'), '-CAcreateserial', '-days', String(days)];
      openssl('x509', '-req', '-in', request, ...signing, '-extfile', at(`${name}.ext`), '-out', cert);
      return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    },
  };
}
