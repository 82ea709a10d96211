import { describe, expect, test } from 'bun:test';
import { LIVES, livesOf } from './lives.ts';

const ends = (image: string, tag: string) =>
  livesOf(image, tag).map(({ product, release }) => `${product} ${release}`);

describe('the releases that a tag names', () => {
  test('by number, name or a longer number', () => {
    expect(ends('debian', '10')).toEqual(['debian buster']);
    expect(ends('debian', '10.13-slim')).toEqual(['debian buster']);
    expect(ends('debian', 'buster-20240612-slim')).toEqual(['debian buster']);
    expect(ends('ubuntu', '18.04')).toEqual(['ubuntu bionic']);
    expect(ends('ubuntu', 'bionic-20230530')).toEqual(['ubuntu bionic']);
    expect(ends('alpine', '3.12.3')).toEqual(['alpine 3.12']);
    expect(ends('docker.io/library/node', '16.20.2')).toEqual(['node 16']);
    expect(ends('opensuse/leap', '15.4')).toEqual(['opensuse/leap 15.4']);
    expect(ends('postgres', '9.6.24-alpine')).toEqual(['postgres 9.6']);
    expect(ends('python', '3.8-slim')).toEqual(['python 3.8']);
  });

  test('and that of the system below', () => {
    expect(ends('node', '24-bullseye-slim')).toEqual(['node 24', 'debian bullseye']);
    expect(ends('python', '3.13.1-alpine3.19')).toEqual(['python 3.13', 'alpine 3.19']);
    expect(ends('golang', '1.26-bookworm')).toEqual(['debian bookworm']);
    expect(ends('mcr.microsoft.com/dotnet/aspnet', '7.0-jammy')).toEqual(['dotnet 7', 'ubuntu jammy']);
    expect(ends('buildpack-deps', 'focal')).toEqual(['ubuntu focal']);
  });

  test('none where none is known', () => {
    for (const [image, tag] of [
      ['debian', 'latest'],
      ['debian', 'sid'],
      ['node', 'lts'],
      ['node', '$VERSION'],
      ['example.com/debian', '10'],
      ['app', '10'],
      ['python', '3'],
    ] as const) {
      expect(ends(image, tag)).toEqual([]);
    }
  });
});

test('ends are days', () => {
  for (const releases of Object.values(LIVES)) {
    for (const end of Object.values(releases)) expect(end).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
  }
});
