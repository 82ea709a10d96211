// `mille optimize --write`, and once more: the second whole run proposes nothing. The Dockerfile has something for many
// rewrites at once: tools beside a package that is needed, apt's lists, a recommendation, sources above all of it. apt-get and
// pip are a few lines of shell, of which the first keeps dpkg's books.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/sys/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findProgram('git') !== undefined;
if (!ready) console.warn('tests of a second run skipped: they need root and git');
const base = ready ? await busyboxBase() : undefined;

/** Fetches lists; installs what is named, and unless it is told not to what is recommended. */
const APT = `#!/bin/sh -e
one() {
  [ ! -e /var/lib/dpkg/info/$1.list ] || return 0
  printf '/usr/share/%s\\n/usr/bin/%s\\n' $1 $1 >/var/lib/dpkg/info/$1.list
  head -c 3000000 /dev/zero >/usr/share/$1
  cp /repo/$1.sh /usr/bin/$1
  printf 'Package: %s\\nStatus: install ok installed\\nArchitecture: all\\nVersion: 1\\n' $1 >>/var/lib/dpkg/status
  [ $1 != viewer ] || printf 'Recommends: manual\\n' >>/var/lib/dpkg/status
  echo >>/var/lib/dpkg/status
  [ $2 = 0 ] || printf 'Package: %s\\nArchitecture: all\\nAuto-Installed: 1\\n\\n' $1 >>/var/lib/apt/extended_states
}
case $1 in update) mkdir -p /var/lib/apt/lists; head -c 2000000 /dev/zero >/var/lib/apt/lists/main; sleep 1; exit ;; esac
test -e /var/lib/apt/lists/main
recommends=1
for word; do case $word in
  --no-install-recommends) recommends=0 ;;
  install | -*) ;;
  *) one $word 0; case $word$recommends in viewer1) one manual 1 ;; esac ;;
esac; done
`;

const BEFORE = `FROM base
COPY . /app
WORKDIR /app
RUN apt-get update && apt-get install -y viewer gcc
# What the program shows.
RUN pip install -r requirements.txt
CMD ["/app/start"]
`;

const AFTER = `FROM base AS build
WORKDIR /app
RUN apt-get update && apt-get install -y viewer gcc
COPY requirements.txt /app/
# What the program shows.
RUN pip install -r requirements.txt

FROM base
WORKDIR /app
RUN apt-get update && apt-get install --no-install-recommends -y viewer && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/site/page /opt/site/
COPY . /app
CMD ["/app/start"]
`;

interface Result {
  readonly changes: readonly { readonly rewrite: string; readonly outcome: string }[];
}

let place = '';
let program: Mille;

beforeAll(async () => {
  if (!base) return;
  place = makePlace('twice');
  program = await mille(join(place, 'store'));
  await program.must(['load', '-q', '-i', base.path]);
  writeTree(join(place, 'base'), {
    Dockerfile: `FROM ${base.name}\nCOPY --chmod=0755 apt-get pip /bin/\nCOPY --chmod=0755 repo /repo\nRUN mkdir -p /usr/share /usr/bin /opt/site /var/lib/dpkg/info /var/lib/apt && touch /var/lib/dpkg/status\nENV PATH=/usr/bin:/bin\n`,
    'apt-get': APT,
    'repo/viewer.sh': '#!/bin/sh\ncat "$@"\n',
    'repo/manual.sh': '#!/bin/sh\necho well\n',
    'repo/gcc.sh': '#!/bin/sh\n',
    pip: '#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\nsleep 1; cat "$1" >/opt/site/page\n',
  });
  await program.build(['-t', 'base', join(place, 'base')]);
}, 120_000);

afterAll(() => removePlace(place));

/** Commits that touch sources. */
function makeHistory(project: string): void {
  command(['git', 'init', '-q', project]);
  for (let i = 0; i < 6; i++) {
    writeFileSync(join(project, 'start'), `#!/bin/sh\n# ${i}\nexec viewer /opt/site/page\n`, { mode: 0o755 });
    for (const args of [
      ['add', '-A'],
      ['-c', 'user.name=n', '-c', 'user.email=e@x', 'commit', '-q', '-m', `commit ${i}`],
    ]) {
      const { status, stderr } = command(['git', ...args], { cwd: project });
      if (status !== 0) throw new Error(String(stderr));
    }
  }
}

test.skipIf(!base)(
  'what one run has written another one leaves as it is',
  async () => {
    const project = join(place, 'project');
    writeTree(project, {
      Dockerfile: BEFORE,
      'requirements.txt': 'a page\n',
      '.dockerignore': '.git\nDockerfile\n.dockerignore\n',
    });
    makeHistory(project);
    const optimize = async () => {
      const flags = ['--format', 'json', '-q', '--write', '--check', '/app/start'];
      const { changes }: Result = JSON.parse(await program.must(['optimize', ...flags, project]));
      return changes.map(({ rewrite, outcome }) => `${rewrite} ${outcome}`);
    };
    // How many steps it takes depends on what took longest.
    expect([...new Set(await optimize())]).toEqual([
      ...['build-stage proved', 'dependencies-first proved', 'unused-copy proved'],
      ...['no-install-recommends proved', 'clean-apt proved'],
    ]);
    expect(readFileSync(join(project, 'Dockerfile'), 'utf8')).toBe(AFTER);
    expect(await optimize()).toEqual([]);
    expect(readFileSync(join(project, 'Dockerfile'), 'utf8')).toBe(AFTER);
  },
  240_000,
);
