// Java that is compiled in the image: a last stage on the runtime alone, with what the program is.

import { describe, expect, test } from 'bun:test';
import type { Digest } from '../../../core/index.ts';
import type { ProgramFacts } from '../../../lang/executable/index.ts';
import type { ContainerConfig, Entry } from '../../../oci/image/index.ts';
import type { ObservedImage } from '../evidence.ts';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import type { RewriteExample } from '../rewrite.ts';
import { lookAt } from '../subject.ts';
import { buildStage } from './build-stage.ts';
import { slimmerBase } from './slimmer-base.ts';

const MB = 1_000_000;
const LAYER = `sha256:${'f'.repeat(64)}` as Digest;
const OTHER = `sha256:${'e'.repeat(64)}` as Digest;
const ELF: ProgramFacts = { kind: 'elf', libraries: [], runpath: [] };
const SCRIPT: ProgramFacts = { kind: 'script', interpreter: '/usr/bin/env', libraries: [], runpath: [] };
const dir = { type: 'dir', mode: 0o755 } as const;

const JDK = { 'usr/bin/java': MB, 'usr/bin/javac': MB, 'usr/lib/jmods': 90 * MB, 'usr/bin/env': 1 };
const JRE = { 'usr/bin/java': MB, 'usr/bin/env': 1 };

function table(files: Readonly<Record<string, number>>): { readonly entries: readonly Entry[] } {
  const entries = Object.entries(files).map(([path, size]) => ({
    ...({ path, type: 'file', mode: 0o755, uid: 0, gid: 0, size, mtime: 0 } as const),
    digest: `sha256:${String(size).padStart(64, '0')}` as Digest,
  }));
  return { entries };
}

/** Whichever line it is that compiles. */
const COMPILING = { 3: ['usr/bin/javac'], 4: ['usr/bin/javac'] };

type Given = Pick<RewriteExample, 'before' | 'steps' | 'context' | 'programs'>;

/** What becomes of a text whose base has a JDK, beside one that has the runtime. */
function made(
  example: Given,
  {
    before = {},
    after = {},
    jre = JRE,
  }: {
    readonly before?: ContainerConfig;
    readonly after?: ContainerConfig;
    readonly jre?: Readonly<Record<string, number>> | undefined;
  } = {},
) {
  const { draft, around } = evidenceFor({ programs: {}, ...example, after: '' }, { readsInImage: COMPILING });
  const { evidence } = around;
  const { image } = evidence;
  const below: ContainerConfig = { Env: ['PATH=/usr/bin:/bin'], ...before };
  const config = { ...image.config, config: { ...below, ...image.config.config, Env: below.Env! } };
  const other: ObservedImage = {
    ...{ ...image, diffIds: [LAYER], tables: [table(jre)] },
    config: { ...image.config, config: { Env: ['PATH=/usr/bin:/bin'], ...after } },
  };
  const whole: ObservedImage = {
    ...{ ...image, config, diffIds: [LAYER, ...image.diffIds], tables: [table(JDK), ...image.tables] },
  };
  const beside = {
    ...around,
    image: () => ({ ...image.config, config: below }),
    evidence: { ...evidence, image: whole, slimmer: { name: 'jre', image: other, own: true as const } },
  };
  const result = propose(draft, beside, { rewrites: [slimmerBase, buildStage] });
  const allows = result.applied.flatMap(({ proposal }) => proposal.allows);
  return {
    text: result.draft.source.text,
    last: result.draft.source.text.split('\n\n')[1],
    dropped: allows.flatMap((one) => (one.what === 'paths' && one.of.startsWith('only') ? one.paths : [])),
    config: allows.flatMap((one) => (one.what === 'config' ? [one.key] : [])),
    left: [slimmerBase, buildStage].flatMap((one) =>
      one.remarks!(lookAt(result.draft, beside)).map(({ why }) => why),
    ),
  };
}

const maven: Given = {
  before: 'FROM maven\nWORKDIR /src\nCOPY . .\nRUN mvn package\nCMD ["java", "-jar", "target/a.jar"]\n',
  context: { 'pom.xml': 9, 'src/main/java/A.java': 9, 'src/main/resources/a.txt': 9, 'data/words': 9 },
  steps: {
    4: {
      reads: [],
      layer: {
        ...{ 'src/target': dir, 'src/target/a.jar': 900, 'src/target/lib/b.jar': 900 },
        ...{ 'src/target/original-a.jar': 900, 'tmp/hsperfdata_root': dir },
        ...{ 'src/target/classes/A.class': 9, 'src/target/maven-status/a': 9 },
        'root/.m2/repository/b.jar': 900,
      },
    },
  },
};
const OF_MAVEN = [
  ...['root/.m2/repository/b.jar', 'src/pom.xml', 'src/src/main/java/A.java', 'src/src/main/resources/a.txt'],
  ...['src/target/classes/A.class', 'src/target/maven-status/a', 'src/target/original-a.jar'],
];

describe('Maven', () => {
  test('leaves the JDK, sources, classes and what it downloaded behind', () => {
    const { text, last, dropped, left } = made(maven);
    expect(text).toStartWith('FROM maven AS build\nWORKDIR /src\nCOPY . .\nRUN mvn package\n\nFROM jre\n');
    expect(last).toBe(
      'FROM jre\nWORKDIR /src\nCOPY --from=build /src/data /src/data\nCOPY --from=build /src/target/a.jar /src/target/\nCOPY --from=build /src/target/lib/b.jar /src/target/lib/\nCMD ["java", "-jar", "target/a.jar"]\n',
    );
    expect(dropped.filter((path) => /\.\w+$|status\/a$/.test(path) && !path.endsWith('.m2'))).toEqual(
      OF_MAVEN,
    );
    expect(left).toEqual([]);
  });
  test('classes that the command names stay', () => {
    const before = maven.before.replace(
      '"-jar", "target/a.jar"',
      '"-cp", "target/classes:target/lib/*", "A"',
    );
    expect(made({ ...maven, before }).last).toContain('COPY --from=build /src/target/classes');
  });
  test('a script that starts what it is told to makes no difference, nor another one in its place', () => {
    const wrapped = { 'usr/local/bin/mvn-entrypoint.sh': 9, '__cacert_entrypoint.sh': 9, ...JRE };
    const { last, config } = made(
      {
        ...maven,
        steps: {
          ...maven.steps,
          3: { layer: { 'usr/local/bin/mvn-entrypoint.sh': { size: 9, mode: 0o755 } } },
        },
      },
      {
        before: {
          Env: ['PATH=/usr/bin:/bin', 'JAVA_VERSION=17.0.9', 'JAVA_TOOL_OPTIONS=-Xmx1g'],
          ...{ Entrypoint: ['/usr/local/bin/mvn-entrypoint.sh'], Volumes: { '/root/.m2': {} } },
        },
        after: { Entrypoint: ['/__cacert_entrypoint.sh'] },
        jre: wrapped,
      },
    );
    // How a JVM is to run is no version of a tool.
    expect(last).toStartWith('FROM jre\nENV JAVA_TOOL_OPTIONS=-Xmx1g\n');
    expect(config).toEqual(['Env JAVA_VERSION', 'Entrypoint', 'Volumes']);
  });
});

describe('others', () => {
  test('what Gradle installs is started by its script', () => {
    const home = 'src/build/install/quiz';
    const quiz = { size: 9, digest: LAYER };
    const { last } = made({
      before:
        'FROM gradle\nWORKDIR /src\nCOPY . .\nRUN gradle installDist\nCMD ["build/install/quiz/bin/quiz"]\n',
      context: { 'build.gradle': 9, 'src/main/java/A.java': 9 },
      steps: {
        4: {
          reads: [],
          layer: {
            [`${home}/bin/quiz`]: { size: 9, mode: 0o755 },
            // What is installed is not needed where it was packed; what is only there is.
            ...{ [`${home}/lib/quiz.jar`]: quiz, 'src/build/libs/quiz.jar': quiz },
            'src/build/libs/other.jar': { size: 9, digest: OTHER },
            ...{ 'src/build/classes/A.class': 9, 'src/.gradle/a': 9, 'root/.gradle/caches/a.jar': 9 },
          },
        },
      },
      programs: { [`${home}/bin/quiz`]: SCRIPT },
    });
    expect(last).toBe(
      `FROM jre\nWORKDIR /src\nCOPY --from=build /${home}/bin/quiz /${home}/bin/\nCOPY --from=build /${home}/lib/quiz.jar /${home}/lib/\nCOPY --from=build /src/build/libs/other.jar /src/build/libs/\nCMD ["build/install/quiz/bin/quiz"]\n`,
    );
  });
  test('a jar that is copied to where it is started is not needed where it was packed', () => {
    const jar = { size: 9, digest: LAYER };
    const { last } = made({
      before:
        'FROM maven\nWORKDIR /src\nCOPY . .\nRUN mvn package && cp target/*.jar app.jar\nCMD ["java", "-jar", "app.jar"]\n',
      context: { 'pom.xml': 9, 'src/main/java/A.java': 9 },
      steps: {
        4: {
          reads: [],
          layer: {
            'src/app.jar': jar,
            'src/target/a-1.jar': jar,
            'src/target/b.jar': { size: 9, digest: OTHER },
          },
        },
      },
    });
    expect(last).toBe(
      'FROM jre\nWORKDIR /src\nCOPY --from=build /src/app.jar /src/\nCOPY --from=build /src/target/b.jar /src/target/\nCMD ["java", "-jar", "app.jar"]\n',
    );
  });
  test('javac, where all that is beside the sources stays', () => {
    const { last } = made({
      before:
        'FROM jdk\nCOPY . /src/\nRUN javac -d /classes /src/A.java\nCMD ["java", "-cp", "/classes", "A"]\n',
      context: { 'A.java': 9, 'words.txt': 9 },
      steps: { 3: { reads: [], layer: { classes: dir, 'classes/A.class': 9 } } },
    });
    expect(last).toBe(
      'FROM jre\nCOPY --from=build /classes /classes\nCOPY --from=build /src/words.txt /src/\nCMD ["java", "-cp", "/classes", "A"]\n',
    );
  });
  test('a jar that is copied to a JDK', () => {
    const before = 'FROM jdk\nCOPY a.jar /\nCMD ["java", "-jar", "/a.jar"]\n';
    expect(made({ before, context: { 'a.jar': 9 } }).text).toBe(before.replace('jdk', 'jre'));
  });
});

describe('nothing is proposed', () => {
  const same = (given: Given, jre?: Readonly<Record<string, number>>) =>
    expect(made(given, jre ? { jre } : {}).text).toBe(given.before);
  test('where Maven starts the program', () =>
    same({ ...maven, before: maven.before.replace(/CMD.*/, 'CMD ["mvn", "exec:java"]') }));
  test('where java starts nothing that was made', () =>
    same({
      before: 'FROM jdk\nCOPY a.txt /\nRUN cat /a.txt\nCMD ["java", "-version"]\n',
      context: { 'a.txt': 9 },
    }));
  test('where the other image has no java', () => {
    same(maven, { 'usr/bin/env': 1 });
    expect(made(maven, { jre: { 'usr/bin/env': 1 } }).left).toEqual([
      '/usr/bin/java, which the image starts, is not in jre: a last stage on it, which installs what is missing, would do',
    ]);
  });
});

test('the JDK as packages: the runtime that it brings is installed alone', () => {
  const { draft, around } = evidenceFor({
    before:
      'FROM debian\nRUN apt-get update && apt-get install -y default-jdk\nWORKDIR /src\nCOPY . .\nRUN javac -d out A.java\nCMD ["java", "-cp", "out", "A"]\n',
    after: '',
    context: { 'A.java': 9 },
    steps: {
      2: {
        layer: {
          'usr/bin/java': { type: 'symlink', link: '/etc/alternatives/java' },
          'etc/alternatives/java': { type: 'symlink', link: '/usr/lib/jvm/17/bin/java' },
        },
      },
      5: { layer: { 'src/out': dir, 'src/out/A.class': 9 } },
    },
    packages: {
      'default-jdk': { line: 2, control: 'Depends: openjdk-17-jdk', files: { 'usr/share/doc/jdk': 9 } },
      'openjdk-17-jdk': {
        ...{ line: 2, automatic: true, control: 'Depends: openjdk-17-jre-headless' },
        files: { 'usr/lib/jvm/17/bin/javac': 90 * MB },
      },
      'openjdk-17-jre-headless': { line: 2, automatic: true, files: { 'usr/lib/jvm/17/bin/java': MB } },
    },
    programs: { 'usr/lib/jvm/17/bin/java': ELF },
  });
  const result = propose(draft, around, { rewrites: [buildStage] });
  expect(result.draft.source.text.split('\n\n')[1]).toBe(
    'FROM debian\nRUN apt-get update && apt-get install -y openjdk-17-jre-headless\nWORKDIR /src\nCOPY --from=build /src/out /src/out\nCMD ["java", "-cp", "out", "A"]\n',
  );
});
