// `mille optimize` of a project whose image has what it was built with, with a base on which the package manager and the
// compiler are a few lines of shell; the program is a real one.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { builtByBoth } from '../support/proposed-in-docker.ts';

repeatsCommands();

const ready = process.getuid?.() === 0;
if (!ready) console.warn('tests of build stages skipped: they need root');
const long = process.env.MILLE_LONG_TESTS !== undefined;
const base = ready ? await busyboxBase() : undefined;

/** Installs what is named; a compiler is large. */
const APT = `#!/bin/sh
mkdir -p /usr/bin /var/lib/dpkg /usr/share/doc
shift; for name; do
  echo $name >>/var/lib/dpkg/status
  { echo '#!/bin/sh'; echo 'cp /bin/busybox $2'; head -c 2000000 /dev/zero; } >/usr/bin/$name
  chmod 755 /usr/bin/$name; ln -s ../bin/$name /usr/share/$name
done
`;

const BEFORE = `FROM tools-base
RUN apt-get install gcc
WORKDIR /src
COPY . .
RUN gcc -o /opt/app/echo main.c && mkdir -p /root/.cache/pip && cp /bin/busybox /root/.cache/pip/a
COPY --chmod=0755 start /
`;

const AFTER = `FROM tools-base AS build
RUN apt-get install gcc
WORKDIR /src
COPY . .
RUN gcc -o /opt/app/echo main.c && mkdir -p /root/.cache/pip && cp /bin/busybox /root/.cache/pip/a

FROM tools-base
WORKDIR /src
COPY --from=build /opt/app/echo /opt/app/
COPY --from=build /src/page.html /src/start /src/
COPY --chmod=0755 start /
`;

interface Result {
  readonly changes: readonly {
    readonly rewrite: string;
    readonly outcome: string;
    readonly refusal?: { readonly checks?: readonly { readonly outcome: string }[] };
  }[];
  readonly proof: {
    readonly allowed: readonly { readonly allowance: { readonly change: string }; readonly paths: number }[];
  };
  readonly checks: readonly { readonly outcome: string }[];
}

let place = '';
let program: Mille;

beforeAll(async () => {
  if (!base) return;
  place = makePlace('stages');
  program = await mille(join(place, 'store'));
  await program.must(['load', '-q', '-i', base.path]);
  writeTree(join(place, 'base'), {
    Dockerfile: `FROM ${base.name}\nRUN mkdir -p /usr/share /opt/app /var/lib/dpkg && echo base >/var/lib/dpkg/status\nCOPY --chmod=0755 apt-get /bin/\nCOPY os-release /etc/\nENV PATH=/opt/app:/usr/bin:/bin\n`,
    'apt-get': APT,
    'os-release': 'ID=debian\nVERSION_CODENAME=tools\n',
  });
  await program.build(['-t', 'tools-base', '-t', 'debian:tools-slim', join(place, 'base')]);
  writeTree(join(place, 'fat'), { Dockerfile: 'FROM tools-base\nRUN apt-get install gcc\nENV TONE=high\n' });
  await program.build(['-t', 'fat-base', join(place, 'fat')]);
}, 120_000);

afterAll(() => removePlace(place));

async function optimize(directory: string, ...more: readonly string[]): Promise<Result> {
  const flags = ['--only', 'build-stage', '--format', 'json', '-q', '--write'];
  return JSON.parse(await program.must(['optimize', ...flags, ...more, directory]));
}

function project(name: string, command: string, start: string): string {
  const directory = join(place, name);
  writeTree(directory, {
    Dockerfile: `${BEFORE}CMD ${command}\n`,
    '.dockerignore': 'Dockerfile\n.dockerignore\n',
    'main.c': 'int main;\n',
    'page.html': 'a page\n',
    start: `#!/bin/sh\n${start}\n`,
  });
  return directory;
}

const textOf = (directory: string) => readFileSync(join(directory, 'Dockerfile'), 'utf8');

describe.skipIf(!base)('what is only there to build', () => {
  test('stays in a stage of its own, proved', async () => {
    const directory = project('app', '["echo", "hello"]', 'exec echo');
    const result = await optimize(directory);
    expect(textOf(directory)).toBe(`${AFTER}CMD ["echo", "hello"]\n`);
    expect(result.changes.map(({ outcome }) => outcome)).toEqual(['proved']);
    expect(result.proof.allowed.map(({ allowance, paths }) => [allowance.change, paths])).toEqual([
      ['removed', 8],
      ['changed', 1],
    ]);
    expect(result.checks.map(({ outcome }) => outcome)).toEqual(['alike']);
    // A second time there is nothing left to do; that takes as long again.
    if (long) expect((await optimize(directory)).changes).toEqual([]);
    const both = await builtByBoth(program, { context: directory, bases: ['tools-base'], place });
    expect(both?.ours).toEqual(both?.theirs);
  }, 240_000);

  test('is not taken away where the program starts it by a name that it makes up', async () => {
    const directory = project('late', '["/start"]', 'name=cc; exec g$name -o /tmp/x');
    const before = textOf(directory);
    const { changes } = await optimize(directory);
    expect(changes.map(({ rewrite, outcome }) => `${rewrite} ${outcome}`)).toEqual(['build-stage refused']);
    expect(changes[0]!.refusal?.checks?.map(({ outcome }) => outcome)).toEqual(['different']);
    expect(textOf(directory)).toBe(before);
  }, 240_000);

  test('is not needed on the distribution below a compiler, nor on a base that is named', async () => {
    const directory = join(place, 'fat-app');
    const before =
      'FROM fat-base\nWORKDIR /src\nCOPY main.c .\nRUN gcc -o /opt/app/echo main.c\nCMD ["echo", "a"]\n';
    writeTree(directory, { Dockerfile: before, 'main.c': 'int main;\n' });
    const { changes } = await optimize(directory);
    expect(changes.map(({ rewrite, outcome }) => `${rewrite} ${outcome}`)).toEqual(['build-stage proved']);
    expect(textOf(directory)).toBe(
      'FROM fat-base AS build\nWORKDIR /src\nCOPY main.c .\nRUN gcc -o /opt/app/echo main.c\n\nFROM debian:tools-slim\nENV TONE=high\nWORKDIR /src\nCOPY --from=build /opt/app/echo /opt/app/\nCMD ["echo", "a"]\n',
    );
    writeTree(directory, { Dockerfile: 'FROM fat-base\nCOPY main.c /\nCMD ["cat", "/main.c"]\n' });
    await optimize(directory, '--base', 'tools-base', '--only', 'slimmer-base');
    expect(textOf(directory)).toBe('FROM tools-base\nENV TONE=high\nCOPY main.c /\nCMD ["cat", "/main.c"]\n');
  }, 240_000);

  test('Java gets the runtime of its JDK, which the name of that and its own files tell', async () => {
    const java = `#!/bin/sh\nwhile [ "$1" != -jar ]; do shift; done; exec cat "$2"\n`;
    const home = { 'bin/java': java, release: 'JAVA_VERSION="21.0.3"\n', PAD: 'x'.repeat(2_000_000) };
    for (const [name, more] of [
      [
        'jdk',
        {
          'bin/javac':
            '#!/bin/sh\nmkdir -p target/classes && cp App.java target/classes/App.class && cp App.java target/app.jar\n',
          PAD: 'x'.repeat(6_000_000),
        },
      ],
      ['jre', {}],
    ] as const) {
      const context = join(place, name);
      const files = Object.entries({ ...home, ...more }).map(([path, text]) => [`java/${path}`, text]);
      writeTree(context, {
        Dockerfile: `FROM tools-base\nCOPY --chmod=755 java /opt/java\nENV PATH=/opt/java/bin:/bin JAVA_HOME=/opt/java\n${name === 'jdk' ? 'VOLUME /root/.m2\n' : ''}`,
        ...Object.fromEntries(files),
      });
      await program.build(['-t', `eclipse-temurin:21-${name}`, context]);
    }
    const directory = join(place, 'java');
    writeTree(directory, {
      Dockerfile:
        'FROM eclipse-temurin:21-jdk\nWORKDIR /src\nCOPY . .\nRUN javac App.java\nCMD ["java", "-jar", "target/app.jar"]\n',
      '.dockerignore': 'Dockerfile\n.dockerignore\n',
      ...{ 'App.java': 'class App {}\n', 'pom.xml': '<project/>\n' },
    });
    const { changes, checks } = await optimize(directory);
    expect(changes.map(({ rewrite, outcome }) => `${rewrite} ${outcome}`)).toEqual(['build-stage proved']);
    expect(checks.map(({ outcome }) => outcome)).toEqual(['alike']);
    expect(textOf(directory)).toBe(
      'FROM eclipse-temurin:21-jdk AS build\nWORKDIR /src\nCOPY . .\nRUN javac App.java\n\nFROM eclipse-temurin:21-jre\nWORKDIR /src\nCOPY --from=build /src/target/app.jar /src/target/\nCMD ["java", "-jar", "target/app.jar"]\n',
    );
  }, 240_000);
});
