import { expect, test } from 'bun:test';
import type { PlannedPackage } from './base-plan.ts';
import { namedPackages } from './local-archive.ts';

test('what mmdebstrap is told by name: apt too, though it counts as essential', () => {
  const kinds = {
    apt: 'essential',
    bash: 'essential',
    tzdata: 'profile',
    git: 'asked',
    libc6: 'needed',
  } as const;
  const packages = Object.entries(kinds).map(
    ([name, kind]) => ({ name, reason: { kind, chain: [name] } }) as unknown as PlannedPackage,
  );
  expect(namedPackages({ packages })).toEqual(['apt', 'tzdata', 'git']);
});
