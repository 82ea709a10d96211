import { expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import { hubOrRegistry } from './hub-or-registry.ts';

const hubOnly = { registry: 'docker.io' };
const says = (text: string) => async () => text;
const fails = (error: Error) => async (): Promise<string> => {
  throw error;
};
const unreached = new MilleError('network', 'no such host', { cause: new Error('ENOTFOUND') });

test('Docker Hub is asked about its own, and its registry where nobody reaches it', async () => {
  const both = { hub: says('hub'), registry: says('registry') };
  expect(await hubOrRegistry(hubOnly, both)).toBe('hub');
  expect(await hubOrRegistry({ registry: 'localhost:5000' }, both)).toBe('registry');
  expect(await hubOrRegistry(hubOnly, { ...both, hub: fails(unreached) })).toBe('registry');
});
test('an answer that says no is one, and the first failure is told', async () => {
  const missing = new MilleError('image-missing', 'no such repository');
  await expect(hubOrRegistry(hubOnly, { hub: fails(missing), registry: says('x') })).rejects.toBe(missing);
  await expect(
    hubOrRegistry(hubOnly, { hub: fails(unreached), registry: fails(new Error('other')) }),
  ).rejects.toBe(unreached);
});
