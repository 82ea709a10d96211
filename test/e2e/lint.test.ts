// `mille lint` as a user meets it: on files of all kinds, in the place of hadolint, and with fixes that are made in the
// files and then built.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;

beforeAll(async () => {
  place = makePlace('lint');
  self = await mille(join(place, 'store'));
});

afterAll(() => removePlace(place));

function project(name: string, files: Readonly<Record<string, string>>): string {
  const directory = join(place, name);
  writeTree(directory, files);
  return directory;
}

const text = (...path: readonly string[]) => readFileSync(join(...path), 'utf8');

describe('findings', () => {
  test('of a directory, of standard input, and of what is not there', async () => {
    const directory = project('several', {
      Dockerfile: 'FROM scratch AS A\n',
      'b/app.Dockerfile': 'FROM scratch\nRUN sudo x\n',
      'b/Dockerfile.md': 'no Dockerfile\n',
    });
    const { status, stdout } = await self.run(
      ['lint', '--select', 'StageNameCasing,DL3004', '--format', 'gnu', '.'],
      {
        cwd: directory,
      },
    );
    expect(stdout).toMatch(
      /^Dockerfile:1:17: warning: .* \[StageNameCasing\]\nb\/app.Dockerfile:2:5: error: .* \[NoSudo\]\n$/,
    );
    expect(status).toBe(39);
    const piped = await self.run(['lint', '-'], {
      stdin: new TextEncoder().encode('FROM scratch\nUSER 1\n'),
    });
    expect(piped).toMatchObject({ status: 0, stdout: 'nothing found in 1 file\n' });
    expect(await self.run(['lint', join(directory, 'c')])).toMatchObject({ status: 10 });
    expect((await self.run(['lint', '--select', 'NoSuchRule'], { cwd: directory })).status).toBe(2);
  });

  test('know the base image, the ignore file and the context', async () => {
    const directory = project('context', {
      Dockerfile: 'FROM busybox\nCOPY a b /x/\nENV A=$PATH B=$NOPE\nUSER 1\n',
      '.dockerignore': 'b\n',
      a: 'a',
      b: 'b',
    });
    const { stdout } = await self.run(['lint', '--format', 'gnu', directory]);
    if (await busyboxBase()) expect(stdout).toContain("'$NOPE' is not defined");
    expect(stdout).not.toContain('$PATH');
    expect(stdout).toContain("takes 'b'");
  });

  test('do as hadolint does', async () => {
    const directory = project('theirs', {
      Dockerfile:
        'FROM debian:12 AS A\n# hadolint ignore=DL3008\nRUN apt-get install -y a\nRUN apt-get install b\nUSER 1\n',
      '.hadolint.yaml': 'ignored: [DL3009, DL3015, DL3059]\noverride:\n  error: [DL3014]\n',
    });
    const run = (...more: readonly string[]) =>
      self.run(['lint', '--compat', 'hadolint', ...more, 'Dockerfile'], { cwd: directory });
    const { status, stdout } = await run();
    expect(stdout.split('\n').map((line) => line.replace(/: .*/, ''))).toEqual([
      'Dockerfile:4 DL3014 error',
      'Dockerfile:4 DL3008 warning',
      '',
    ]);
    expect(status).toBe(1);
    expect((await run('--no-fail')).status).toBe(0);
    expect((await run('--ignore', 'DL3')).status).toBe(0);
    const broken = project('broken', { '.hadolint.yaml': 'no-fail: 1\n', Dockerfile: 'FROM scratch\n' });
    const { status: code, stderr } = await self.run(['lint'], { cwd: broken });
    expect({ code, place: stderr.includes('.hadolint.yaml:1:1') }).toEqual({ code: 45, place: true });
  });
});

describe('fixes', () => {
  test('keep mode, link, line ends and byte order mark, and are shown before', async () => {
    const directory = project('kept', {
      'real/Dockerfile': '\ufeff# é\r\nFROM scratch as a\r\nRUN apt-get install b \\\r\n  # why\r\n  c\r\n',
    });
    const real = join(directory, 'real/Dockerfile');
    chmodSync(real, 0o640);
    symlinkSync('real/Dockerfile', join(directory, 'Dockerfile'));
    const before = text(real);
    const fix = (...more: readonly string[]) =>
      self.run(['lint', ...more, '--select', 'FromAsCasing,DL3014'], { cwd: directory });
    const shown = await fix('--diff');
    expect(shown.status).toBe(39);
    expect(shown.stdout).toContain('+FROM scratch AS a');
    expect(text(real)).toBe(before);
    expect(await fix('--fix')).toMatchObject({ status: 0 });
    expect(text(real)).toBe(
      '\ufeff# é\r\nFROM scratch AS a\r\nRUN apt-get install -y b \\\r\n  # why\r\n  c\r\n',
    );
    expect(statSync(real).mode & 0o7777).toBe(0o640);
    expect(lstatSync(join(directory, 'Dockerfile')).isSymbolicLink()).toBe(true);
    expect((await fix('--diff')).status).toBe(0);
  });

  test('leave what is no text as it is', async () => {
    const directory = project('bytes', { Dockerfile: '' });
    const bytes = Buffer.concat([Buffer.from('FROM scratch as a\nLABEL a='), Buffer.from([0xe9, 10])]);
    writeFileSync(join(directory, 'Dockerfile'), bytes);
    await self.run(['lint', '--fix'], { cwd: directory });
    expect(readFileSync(join(directory, 'Dockerfile')).equals(bytes)).toBe(true);
  });

  test('of the ignore file are made with the others', async () => {
    const directory = project('ignored', {
      Dockerfile: 'FROM scratch\nCOPY . /\nUSER 1\n',
      a: 'a',
      'node_modules/b.js': 'b',
    });
    await self.run(['lint', '--fix'], { cwd: directory });
    expect(existsSync(join(directory, '.dockerignore'))).toBe(false);
    const { stderr } = await self.run(['lint', '--fix=all'], { cwd: directory });
    expect(stderr).toContain('+node_modules');
    expect(text(directory, '.dockerignore').split('\n')).toContain('node_modules');
  });

  /** What installs writes what it was asked for; where it may write more than the image needs, it does. */
  const TOOL = `#!/bin/sh
name=\${0##*/}
for word; do
  case $word in
    update) mkdir -p /var/lib/apt/lists /var/cache; echo lists >/var/lib/apt/lists/debian; echo x >/var/cache/$name ;;
    -*|install|add|clean|all) ;;
    *) mkdir -p /installed; echo "$name" >"/installed/$word" ;;
  esac
done
`;

  const SLOPPY = `from busybox as Base
COPY apt-get apk pip yum /bin/
RUN chmod 755 /bin/apt-get /bin/apk /bin/pip /bin/yum
ENV NAME the app
# lists are needed once
RUN apt-get update \\
 && apt-get install --no-install-recommends curl wget \\
 # and this
 && touch "/done $NAME"
RUN <<EOF
apt-get update
apt-get install -y git
EOF
RUN apk add a && sh -c "pip install b"
RUN yum install x && \\

    pip install c
FROM base
ADD file /file
EXPOSE 80/TCP
CMD ["sh"]
`;

  test('that are safe build what was built before', async () => {
    if (!(await busyboxBase())) return;
    const tools = Object.fromEntries(['apt-get', 'apk', 'pip', 'yum'].map((name) => [name, TOOL]));
    const directory = project('built', { Dockerfile: SLOPPY, file: 'f', ...tools });
    const build = async (name: string) => {
      await self.build(['-t', name, '-o', `type=local,dest=${join(place, name)}`, '--load', directory]);
      const [document] = JSON.parse(await self.must(['inspect', name]));
      return { config: document.Config, files: list(join(place, name)) };
    };
    const before = await build('before');
    const { stderr } = await self.run(['lint', '--fix'], { cwd: directory });
    const fixed = text(directory, 'Dockerfile');
    for (const rule of [
      'AptAssumeYes',
      'AptListsLeft',
      'ApkNoCache',
      'PipNoCacheDir',
      'LegacyKeyValueFormat',
    ])
      expect(stderr).toContain(`(${rule})`);
    expect(fixed).toContain('# lists are needed once\n');
    expect(fixed).toContain('\n # and this\n');
    const after = await build('after');
    expect(after.config).toEqual(before.config);
    // Only what nobody needs is gone.
    const gone = before.files.filter((line) => !after.files.includes(line));
    expect(gone.every((line) => line.includes('/var/lib/apt/lists/'))).toBe(true);
    expect(after.files.filter((line) => !before.files.includes(line))).toEqual([]);
    expect(after.files.length).toBeGreaterThan(20);
    // And nothing is left that could be fixed.
    expect((await self.run(['lint', '--diff'], { cwd: directory })).status).toBe(0);
  });
});

/** The files below a directory, with mode and content. */
function list(directory: string): readonly string[] {
  const listed = Bun.spawnSync(
    ['sh', '-c', 'find . -type f -exec md5sum {} + | sort; find . -printf "%M %p %l\\n" | sort'],
    {
      cwd: directory,
    },
  );
  return listed.stdout.toString().split('\n').filter(Boolean);
}
