// temporary until the real one lands
import type { SandboxMount } from '../sandbox/index.ts';
export interface Trust {
  readonly mounts: readonly SandboxMount[];
  readonly env: readonly string[];
}
export function trustBundle(_ca: string): Trust {
  const p = '/dev/.mille/ca.crt';
  return {
    mounts: [{ type: 'bind', source: '/etc/ssl/certs/ca-certificates.crt', target: p, readonly: true }],
    env: ['SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'].map((n) => `${n}=${p}`),
  };
}
