import { expect, test } from 'bun:test';
import { firstSeen, goneSince } from './first-seen.ts';

const deb = (name: string, version: string) => ({ type: 'deb', name, version }) as const;

test('a package came with the layer whose version of the database had it first', () => {
  const versions = [
    { layer: 0, packages: [deb('bash', '1'), deb('gone', '1'), deb('back', '1')] },
    { layer: 2, packages: [deb('bash', '1'), deb('curl', '1')] },
    { layer: 5, packages: [deb('bash', '2'), deb('curl', '1'), deb('back', '1')] },
  ];
  expect(firstSeen(versions).map(({ found, layer }) => [found.name, found.version, layer])).toEqual([
    ['bash', '2', 5],
    ['curl', '1', 2],
    // It was removed in between: whoever installed it again brought it.
    ['back', '1', 5],
  ]);
  expect(firstSeen([])).toEqual([]);
});

test('a package that no later version has went with the layer that lacks it first', () => {
  const versions = [
    { layer: 0, packages: [deb('bash', '1'), deb('gone', '1'), deb('back', '1')] },
    { layer: 2, packages: [deb('bash', '2'), deb('late', '1'), deb('gone', '1')] },
    { layer: 4, packages: [deb('bash', '2'), deb('back', '1')] },
    { layer: 5, packages: [deb('bash', '2'), deb('back', '1')] },
  ];
  expect(goneSince(versions).map(({ found, layer }) => [found.name, layer])).toEqual([
    ['late', 4],
    ['gone', 4],
  ]);
  expect(goneSince([])).toEqual([]);
});
