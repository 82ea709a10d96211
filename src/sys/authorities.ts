// The certificate authorities of this machine.

import { readFileSync, statSync } from 'node:fs';

/** Where distributions keep the bundle. */
const HOST_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The path of this machine's bundle: `SSL_CERT_FILE`, else where distributions keep it; undefined without any. */
export function hostBundle(): string | undefined {
  const own = process.env.SSL_CERT_FILE;
  return [...(own ? [own] : []), ...HOST_BUNDLES].find((path) => statSync(path, { throwIfNoEntry: false }));
}

/** Authorities in PEM form with those of this machine and the public ones beside them. */
export async function withHostAuthorities(ca: string): Promise<string[]> {
  const { rootCertificates } = await import('node:tls');
  const path = hostBundle();
  return [ca, ...(path === undefined ? [] : [readBundle(path)]), ...rootCertificates];
}

function readBundle(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
