import { describe, expect, test } from 'bun:test';
import { processEnvironment } from './process-environment.ts';

const nothing = { mounts: {}, proxies: {}, trust: [] };
const variables = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => ({ name, value, origin: 'environment' as const }));

describe('the environment of RUN', () => {
  test('what the Dockerfile says stays; what is missing is added', () => {
    const env = processEnvironment(
      { environment: variables({ http_proxy: 'own', SSL_CERT_FILE: 'own', B: '' }), proxy: {} },
      {
        mounts: { SSH_AUTH_SOCK: '/run/agent', B: 'x' },
        clampTime: 7,
        proxies: { http_proxy: 'host', no_proxy: 'host' },
        trust: ['SSL_CERT_FILE=/ca', 'CURL_CA_BUNDLE=/ca=1'],
      },
    );
    expect(env).toEqual([
      ...['http_proxy=own', 'SSL_CERT_FILE=own', 'B='],
      ...['SSH_AUTH_SOCK=/run/agent', 'SOURCE_DATE_EPOCH=7', 'no_proxy=host', 'CURL_CA_BUNDLE=/ca=1'],
    ]);
  });

  test('proxies given as build arguments win over ENV and ARG', () => {
    const step = { environment: variables({ no_proxy: 'env', A: '1' }), proxy: { no_proxy: 'given' } };
    const env = processEnvironment(step, { ...nothing, proxies: { no_proxy: 'host' } });
    expect(env).toEqual(['no_proxy=given', 'A=1']);
  });
});
