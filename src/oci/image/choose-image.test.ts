import { describe, expect, test } from 'bun:test';
import { chooseImage } from './choose-image.ts';
import type { Index } from './documents.ts';

describe('the image of an index', () => {
  const digest = (n: number) => `sha256:${String(n).repeat(64)}`;
  const entry = (n: number, platform?: { os: string; architecture: string; variant?: string }) =>
    ({ mediaType: 'm', digest: digest(n), size: 1, ...(platform ? { platform } : {}) }) as never;
  const index = (...manifests: readonly never[]): Index => ({ schemaVersion: 2, manifests });
  const amd64 = { os: 'linux', architecture: 'amd64' };
  const unknown = entry(9, { os: 'unknown', architecture: 'unknown' });
  test('is the nearest; attestations are none', () => {
    const all = index(
      unknown,
      entry(1, { ...amd64, variant: 'v3' }),
      entry(2, amd64),
      entry(3, { ...amd64, architecture: 'arm64' }),
    );
    expect(String(chooseImage(all, amd64, { shown: 'x' }).digest)).toBe(digest(2));
    expect(String(chooseImage(all, { ...amd64, variant: 'v4' }, { shown: 'x' }).digest)).toBe(digest(1));
    expect(() => chooseImage(all, { os: 'linux', architecture: 's390x' }, { shown: 'x' })).toThrow(
      /not for linux\/s390x/,
    );
  });
  test('without platforms', () => {
    expect(String(chooseImage(index(unknown, entry(1)), amd64, { shown: 'x' }).digest)).toBe(digest(1));
    expect(() => chooseImage(index(entry(1), entry(2)), amd64, { shown: 'x' })).toThrow(/unknown/);
    expect(() => chooseImage(index(unknown), amd64, { shown: 'x' })).toThrow(/lists no image/);
  });
});
