// The distributions' own archives, and which of Ubuntu's has what.

import { describe, expect, test } from 'bun:test';
import { type AptSource, parseListFile } from './apt-source.ts';
import { chooseSources } from './choose-sources.ts';
import { forArchitecture, ownArchive } from './own-archive.ts';

const SCRIPT = `
    my $mirror    = 'http://d.example/debian';
    my $secmirror = 'http://s.example/debian-security';
            $mirror    = 'http://archive.ubuntu.example/ubuntu';
            $mirror    = 'http://ports.ubuntu.example/ubuntu-ports';
        $mirror = 'https://k.example/kali';
`;
const brief = (sources: readonly AptSource[]) =>
  sources.map(({ uri, suites, components, architectures = [] }) =>
    [uri, suites.join('+'), components.join('+'), ...architectures].join(' '),
  );

test('as the script names them', () => {
  const own = (distribution: 'debian' | 'ubuntu', suite: string, architecture: string) =>
    brief(ownArchive(SCRIPT, { distribution, suite, architecture }));
  expect(own('debian', 'trixie', 'arm64')).toEqual([
    'http://d.example/debian trixie+trixie-updates main',
    'http://d.example/debian-security trixie-security main',
  ]);
  expect(own('debian', 'sid', 'amd64')).toEqual(['http://d.example/debian sid main']);
  expect(own('ubuntu', 'noble', 'amd64')).toEqual([
    'http://archive.ubuntu.example/ubuntu noble+noble-updates main+universe',
    'http://security.ubuntu.example/ubuntu noble-security main+universe',
  ]);
  expect(own('ubuntu', 'noble', 'arm64')).toEqual([
    'http://ports.ubuntu.example/ubuntu-ports noble+noble-updates+noble-security main+universe',
  ]);
  expect(
    ownArchive('#!/bin/sh\n', { distribution: 'ubuntu', suite: 'noble', architecture: 'amd64' }),
  ).toEqual([]);
});

describe("a machine's sources for another architecture", () => {
  const choose = (text: string, architecture: string) => {
    const wanted = { distribution: 'ubuntu', suite: 'noble', architecture } as const;
    const sources = forArchitecture(parseListFile(text), wanted);
    return brief(chooseSources({ distribution: 'ubuntu', codename: 'noble', sources }, wanted));
  };
  const MAIN = `deb [arch=amd64] http://de.archive.ubuntu.example/ubuntu noble main universe
deb [arch=amd64] http://de.archive.ubuntu.example/ubuntu noble-updates main universe
deb [arch=amd64] http://security.ubuntu.example/ubuntu noble-security main universe
`;
  const PORTS = `deb http://ports.ubuntu.example/ubuntu-ports noble main universe
deb http://ports.ubuntu.example/ubuntu-ports noble-updates main universe
deb http://ports.ubuntu.example/ubuntu-ports noble-security main universe
`;
  test('amd64 has the archive, arm64 the ports', () => {
    expect(choose(MAIN, 'amd64')).toEqual([
      'http://de.archive.ubuntu.example/ubuntu noble+noble-updates main+universe amd64',
      'http://security.ubuntu.example/ubuntu noble-security main+universe amd64',
    ]);
    expect(choose(MAIN, 'arm64')).toEqual([
      'http://ports.ubuntu.example/ubuntu-ports noble+noble-updates+noble-security main+universe',
    ]);
  });
  test('and the other way round', () => {
    expect(choose(PORTS, 'arm64')).toEqual([
      'http://ports.ubuntu.example/ubuntu-ports noble+noble-updates+noble-security main+universe',
    ]);
    expect(choose(PORTS, 'i386')).toEqual([
      'http://archive.ubuntu.example/ubuntu noble+noble-updates main+universe',
      'http://security.ubuntu.example/ubuntu noble-security main+universe',
    ]);
  });
  test('a mirror of another name is asked for what it is asked for', () => {
    expect(choose('deb http://m.example/ubuntu noble main universe', 'arm64')).toEqual([
      'http://m.example/ubuntu noble main+universe',
    ]);
  });
});
