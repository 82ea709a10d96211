// `mille optimize` of an image with packages of Debian that came in as recommendations. In the short version apt-get is a
// few lines of shell that keep dpkg's books; with MILLE_LONG_TESTS it is the real one, with a repository made here.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase, pythonBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const root = process.getuid?.() === 0;
if (!root) console.warn('tests of recommended packages skipped: they need root');
const base = root ? await busyboxBase() : undefined;
const long = process.env.MILLE_LONG_TESTS !== undefined && Bun.which('dpkg-deb') !== null;
const debian = root && long ? await pythonBase() : undefined;

/** `tool` calls `helper` by its name, which nothing but its recommendation tells. */
const PACKAGES: Readonly<Record<string, { readonly control: string; readonly program?: string }>> = {
  tool: { control: 'Recommends: helper, notes', program: 'helper' },
  helper: { control: 'Recommends: more', program: 'echo well' },
  notes: { control: 'Section: doc' },
  more: { control: 'Section: misc' },
};

/** Installs what is named, and what that recommends unless it is told not to. */
const APT = `#!/bin/sh -e
cd /var/lib/dpkg
one() {
  [ ! -e info/$1.list ] || return 0
  printf '/usr/share/%s\\n/usr/bin/%s\\n' $1 $1 >info/$1.list
  mkdir -p /usr/bin && head -c 3000000 /dev/zero >/usr/share/$1
  printf 'Package: %s\\nStatus: install ok installed\\nArchitecture: all\\nVersion: 1\\n' $1 >>status
  cat /repo/$1 >>status
  echo >>status
  [ $2 = 0 ] || printf 'Package: %s\\nArchitecture: all\\nAuto-Installed: 1\\n\\n' $1 >>/var/lib/apt/extended_states
  [ ! -e /repo/$1.sh ] || cp /repo/$1.sh /usr/bin/$1
}
recommends=1
for word; do case $word in
  --no-install-recommends) recommends=0 ;;
  install | -*) ;;
  *) names="$names $word" ;;
esac; done
for name in $names; do one $name 0; done
[ $recommends = 1 ] || exit 0
for name in $names; do case $name in
  tool) one helper 1; one notes 1; one more 1 ;;
  helper) one more 1 ;;
esac; done
`;

interface Result {
  readonly changes: readonly {
    readonly rewrite: string;
    readonly outcome: string;
    readonly title: string;
    readonly refusal?: { readonly checks?: readonly { readonly outcome: string }[] };
  }[];
  readonly left: readonly { readonly rewrite: string; readonly what: string }[];
  readonly checks?: readonly { readonly from: string; readonly outcome: string }[];
}

let place = '';
let program: Mille;

beforeAll(async () => {
  if (!base) return;
  place = makePlace('recommends');
  program = await mille(join(place, 'store'));
  await program.must(['load', '-q', '-i', base.path]);
  const files = Object.entries(PACKAGES).flatMap(([name, { control, program: line }]) => [
    [`repo/${name}`, `${control}\n`],
    ...(line === undefined ? [] : [[`repo/${name}.sh`, `#!/bin/sh\n${line}\n`]]),
  ]);
  writeTree(join(place, 'base'), {
    Dockerfile: `FROM ${base.name}\nCOPY --chmod=0755 apt-get /bin/\nCOPY --chmod=0755 repo /repo\nRUN mkdir -p /usr/share /var/lib/dpkg/info /var/lib/apt && touch /var/lib/dpkg/status\nENV PATH=/usr/bin:/bin\n`,
    'apt-get': APT,
    ...Object.fromEntries(files),
  });
  await program.build(['-t', 'base', join(place, 'base')]);
}, 120_000);

afterAll(() => removePlace(place));

async function optimize(name: string, dockerfile: string, ...more: readonly string[]) {
  const project = join(place, name);
  writeTree(project, { Dockerfile: dockerfile });
  const only = ['--only', 'no-install-recommends', '--format', 'json', '-q', '--write'];
  const result: Result = JSON.parse(await program.must(['optimize', ...only, ...more, project]));
  return { result, text: readFileSync(join(project, 'Dockerfile'), 'utf8') };
}

describe.skipIf(!base)('what is only recommended', () => {
  test('is left out where a check ends well without it; what a program calls by its name is kept', async () => {
    const { result, text } = await optimize(
      'used-at-run',
      'FROM base\nRUN apt-get install -y tool\nCMD ["tool"]\n',
      ...['--check', 'tool'],
    );
    expect(text).toContain('RUN apt-get install --no-install-recommends -y tool helper more\n');
    // The first proposal, without helper, builds, and is the same but for it: only asking tells.
    expect(result.changes.map(({ outcome, refusal }) => [outcome, refusal?.checks?.[0]?.outcome])).toEqual([
      ['proved', undefined],
      ['refused', 'different'],
    ]);
  }, 240_000);

  test('is kept for the steps below that were seen to use it, and asked of the own command', async () => {
    const { result, text } = await optimize(
      'used-below',
      'FROM base\nRUN apt-get install -y tool\nRUN helper > /said\nENTRYPOINT ["sh", "-c", "true"]\n',
    );
    expect(text).toContain('RUN apt-get install --no-install-recommends -y tool helper more\n');
    expect(result.checks).toMatchObject([{ from: 'own-command', outcome: 'alike' }]);
  }, 240_000);

  test('is left as it is where nobody can be asked', async () => {
    const { result } = await optimize('silent', 'FROM base\nRUN apt-get install -y tool\nCMD ["sh"]\n');
    expect(result.changes).toEqual([]);
    expect(result.left.map(({ what }) => what)).toEqual([
      '9MB in 3 packages that are only recommended are installed',
    ]);
  }, 240_000);
});

describe.skipIf(!debian)('with the real apt-get', () => {
  test('the same becomes of it, with what dpkg and the scripts of packages leave', async () => {
    await program.must(['load', '-q', '-i', debian!.path]);
    const repository = join(place, 'debian/repo');
    mkdirSync(repository, { recursive: true });
    for (const [name, { control, program: line = 'true' }] of Object.entries(PACKAGES)) {
      const tree = join(place, 'debs', name);
      writeTree(tree, {
        'DEBIAN/control': `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: n <n@example.com>\n${control}\nDescription: ${name}\n`,
        'DEBIAN/postinst': `#!/bin/sh\nset -e\nupdate-alternatives --install /usr/bin/a-${name} a-${name} /usr/bin/${name} 10\n`,
        [`usr/bin/${name}`]: `#!/bin/sh\n${line}\n`,
        [`usr/share/${name}/data`]: Array.from({ length: 20_000 }, (_, i) => Bun.hash(name + i)).join('\n'),
        [`usr/lib/python3/dist-packages/${name}_module.py`]: 'X = 1\n',
      });
      command(['chmod', '-R', '755', join(tree, 'DEBIAN'), join(tree, 'usr/bin')]);
      command(['dpkg-deb', '--root-owner-group', '-b', tree, repository]);
    }
    writeTree(join(place, 'debian'), {
      Dockerfile: `FROM ${debian!.name}\nCOPY repo /repo\nRUN rm -f /etc/apt/sources.list /etc/apt/sources.list.d/* && echo 'deb [trusted=yes] file:/repo ./' > /etc/apt/sources.list\n`,
    });
    const index = Bun.spawnSync(['dpkg-scanpackages', '.'], { cwd: repository });
    writeTree(repository, { Packages: index.stdout.toString() });
    await program.build(['-t', 'debian', join(place, 'debian')]);
    const { result, text } = await optimize(
      'debian-tool',
      'FROM debian\nRUN apt-get update && apt-get install -y tool\nCMD ["tool"]\n',
      ...['--check', 'tool'],
    );
    expect(text).toContain('apt-get install --no-install-recommends -y tool helper more\n');
    expect(result.changes.map(({ outcome }) => outcome)).toEqual(['proved', 'refused']);
  }, 600_000);
});
