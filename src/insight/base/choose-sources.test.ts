import { describe, expect, test } from 'bun:test';
import { type AptSource, parseListFile } from './apt-source.ts';
import { chooseSources, type HostSources, sourcesForImage, sourcesOfMirror } from './choose-sources.ts';

const KEY = 'signed-by=/usr/share/keyrings/debian-archive-keyring.gpg';
const DEBIAN = `
deb [${KEY}] http://m.example/debian bookworm main contrib non-free-firmware
deb [${KEY}] http://m.example/debian bookworm-updates main
deb [${KEY}] http://m.example/debian bookworm-backports main
deb [${KEY}] http://m.example/debian-security bookworm-security main
`;
const THIRD = `
deb [signed-by=/k/tools.gpg] https://tools.example/debian/12/prod bookworm main
deb [signed-by=/k/engine.gpg] https://engine.example/linux/debian bookworm stable
deb https://db.example/apt bookworm-db main
`;

function host(text: string, distribution = 'debian', codename: string | undefined = 'bookworm'): HostSources {
  return { distribution, sources: parseListFile(text), ...(codename ? { codename } : {}) };
}

function choose(given: HostSources, suite: string, distribution: 'debian' | 'ubuntu' = 'debian') {
  return chooseSources(given, { distribution, suite, architecture: 'amd64' });
}

function brief(sources: readonly AptSource[]): string[] {
  return sources.map(({ uri, suites, components }) => `${uri} ${suites.join('+')} ${components.join('+')}`);
}

describe('the suite the host runs', () => {
  test("the distribution's own archives, with updates and security, main only", () => {
    expect(brief(choose(host(DEBIAN + THIRD), 'bookworm'))).toEqual([
      'http://m.example/debian bookworm+bookworm-updates main',
      'http://m.example/debian-security bookworm-security main',
    ]);
  });

  test('third parties are told apart without key rings too', () => {
    const bare = (DEBIAN + THIRD).replace(/\[[^\]]*\] /g, '');
    expect(brief(choose(host(bare), 'bookworm'))[0]).toBe(
      'http://m.example/debian bookworm+bookworm-updates main',
    );
    expect(brief(choose(host(bare), 'bookworm')).join()).not.toContain('tools.example');
  });

  test("a company's mirror with its own key, where there is no other", () => {
    const text = 'deb [signed-by=/k/corp.gpg] https://repo.corp.example/deb-remote bookworm main';
    expect(brief(choose(host(text), 'bookworm'))).toEqual([
      'https://repo.corp.example/deb-remote bookworm main',
    ]);
  });

  test('sources for another architecture and discs are no help', () => {
    const text = 'deb [arch=arm64] http://m.example/debian bookworm main\ndeb cdrom:[disc] bookworm main';
    expect(choose(host(text), 'bookworm')).toEqual([]);
  });

  test('a suite split over several lines becomes one stanza', () => {
    const text = 'deb http://m.example/debian bookworm main\ndeb http://m.example/debian bookworm contrib\n';
    expect(brief(choose(host(text), 'bookworm'))).toEqual(['http://m.example/debian bookworm main']);
  });
});

describe('another suite of the same distribution', () => {
  test('each part is replaced', () => {
    expect(brief(choose(host(DEBIAN + THIRD), 'trixie'))).toEqual([
      'http://m.example/debian trixie+trixie-updates main',
      'http://m.example/debian-security trixie-security main',
    ]);
  });

  test('security was called otherwise before bullseye', () => {
    expect(brief(choose(host(DEBIAN), 'buster'))[1]).toBe(
      'http://m.example/debian-security buster/updates main',
    );
  });

  test('unstable has neither updates nor security', () => {
    expect(brief(choose(host(DEBIAN), 'sid'))).toEqual(['http://m.example/debian sid main']);
  });

  test('from unstable to a stable suite', () => {
    const sid = host('deb http://m.example/debian sid main', 'debian', undefined);
    expect(brief(choose(sid, 'bookworm'))).toEqual([
      'http://m.example/debian bookworm+bookworm-updates main',
    ]);
  });

  test("another distribution's host knows nothing", () => {
    expect(choose(host(DEBIAN), 'noble', 'ubuntu')).toEqual([]);
  });
});

test('ubuntu keeps its components', () => {
  const text =
    'deb http://u.example/ubuntu noble main universe\ndeb http://u.example/ubuntu noble-updates main universe\n' +
    'deb http://s.example/ubuntu noble-security main universe\n';
  expect(brief(choose(host(text, 'ubuntu', 'noble'), 'jammy', 'ubuntu'))).toEqual([
    'http://u.example/ubuntu jammy+jammy-updates main+universe',
    'http://s.example/ubuntu jammy-security main+universe',
  ]);
});

test('a mirror by name', () => {
  const wanted = { distribution: 'debian' as const, suite: 'bookworm', architecture: 'amd64' };
  expect(brief(sourcesOfMirror('http://m.example/debian/', wanted))).toEqual([
    'http://m.example/debian bookworm+bookworm-updates main',
  ]);
});

test('no password reaches the image', () => {
  const [source] = sourcesForImage(
    parseListFile('deb [arch=amd64] https://me:secret@m.example/debian x main'),
  );
  expect(source?.uri).toBe('https://m.example/debian');
  expect(source?.architectures).toBeUndefined();
});
