// What is only there to build, in a stage of its own: the image gets what was made, and not what made it.

import { formatSize } from '../../../core/index.ts';
import type { ImageConfig } from '../../../oci/image/index.ts';
import { coverOf } from '../build-stage/cover.ts';
import { type Division, divisionOf } from '../build-stage/division.ts';
import { installedInside } from '../build-stage/installed-inside.ts';
import { type OnOtherBase, onOtherBase } from '../build-stage/other-base.ts';
import { expectedAgain, expectedCopies, twoStages } from '../build-stage/two-stages.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Allowance, Proposal, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import { inWords } from '../words.ts';

/** Less is not worth a second stage: bytes, and the share of the image. */
const LEAST_BYTES = 1_000_000;
const LEAST_SHARE = 0.02;
/** Of what is gained so much may be given away for shorter lines. */
const BUDGET = 0.1;

const NOWHERE: ReadonlySet<string> = new Set();

const ELF = { kind: 'elf', libraries: [], runpath: [] } as const;

export const buildStage: Rewrite = {
  name: 'build-stage',
  summary: 'build in a stage of its own, and copy what was made into the last one',
  goal: 'size',
  looksAt: 'distribution',
  page: `A compiler that an image was built with is of no use to who runs it, and cannot be removed any more: it is in a layer of
its own. In a stage of its own it is left behind. The stage becomes two: one does everything up to the last RUN that
builds, the other begins with the same base again, does what makes no difference to the build a second time (users,
packages that are no tools, COPY of which nothing was changed, ENV, WORKDIR and the like), and copies from the first what
was made.

By the tables of contents of the layers, which say what each instruction wrote, and by what programs name: the dynamic
linker and the libraries of ELF files, interpreters of scripts, targets of links, from the command that the image starts and
from every file that stays, to the end. What is left behind: packages of which all that an instruction names are there to
build (\`gcc\`, \`make\`, \`*-dev\`), the caches of tools, and, where the command is a program that was compiled here, its
sources, object files, and cargo's \`target\`. All else is kept, path by path.

Proposed for the last stage, where it stands on an image, and from one megabyte and two hundredths of the image on. Not where
nobody can tell what the image starts, and, for other distributions than Debian and Ubuntu, where something that stays needs
one of the packages, or a RUN installs both tools and others. With dpkg's database it is known whose each file is: then the
last stage installs the others, and those of which something is needed (\`libpq5\` of \`libpq-dev\`), without the tools. What
these recommend comes along if it did before: leaving that out is [no-install-recommends](#no-install-recommends)' matter, as
it is [clean-apt](#clean-apt)'s to remove the lists. They look at what the last stage installs as at any other RUN.

Where the base itself is the compiler (\`golang\`, \`rust\`, \`gcc\`) and the image starts a program that was compiled, the last
stage stands on the distribution that the compiler was put on: \`debian:bookworm-slim\`, \`ubuntu:24.04\` or \`alpine:3.22\`, by the
base's own \`os-release\`, or on what \`--base\` names. Certificates and time zones that the base has come along. If it cannot
be had, or the program needs a library that it does not have, the report says so, and the last stage begins with the same base.

Java is compiled, and its programs want a runtime: where the base is a JDK (\`eclipse-temurin\`, \`openjdk\`, \`maven\`, \`gradle\` and
others) and the image starts a jar or classes that were made in it, by \`java\` or by the script of \`gradle installDist\`, the last
stage stands on the runtime of the same family and release (\`eclipse-temurin:17-jre\`), which its name and the JDK's own file
\`release\` tell, or on what \`--base\` names. The same goes for a JDK that apt has installed (\`default-jdk\`): there the last stage
installs the runtime that it brought. What the compiler was given (\`src/main\`, \`pom.xml\`), what it left beside the jar, a jar
that is beside the script once more, and what was downloaded stay behind, unless the command names a directory that holds it. That an image starts by a script of its
base which only hands on what is to be started (\`mvn-entrypoint.sh\`) may change.

What was built is copied above the sources, which change more often, where it never lies in one place with them. For what is
installed in the middle of them (\`node_modules\`, \`vendor\`, \`.venv\`) a line of the ignore file sees to that, if the context
has nothing there.

The files that are left behind may be missing, each by its path; every other path, and the whole config, has to be as it was.
Whether a program looks for something when it runs cannot be seen in files. So the change stays only where the image could
be asked: by \`--check\`, its \`HEALTHCHECK\`, or its own command, which is started in both.`,
  examples: [
    {
      before:
        'FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc libc6-dev\nWORKDIR /src\nCOPY . .\nRUN gcc -O2 -o /usr/local/bin/tool main.c\nEXPOSE 80\nCMD ["/usr/local/bin/tool"]\n',
      after:
        'FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y gcc libc6-dev\nWORKDIR /src\nCOPY . .\nRUN gcc -O2 -o /usr/local/bin/tool main.c\n\nFROM debian:bookworm\nWORKDIR /src\nCOPY --from=build /usr/local/bin/tool /usr/local/bin/\nEXPOSE 80\nCMD ["/usr/local/bin/tool"]\n',
      context: { 'main.c': 900 },
      steps: {
        2: { layer: { 'usr/bin/gcc': 90_000_000, 'var/lib/dpkg/status': 9000 } },
        5: { layer: { 'usr/local/bin/tool': { size: 70_000, mode: 0o755 } } },
      },
      programs: { 'usr/local/bin/tool': ELF, 'usr/bin/gcc': ELF },
    },
    {
      before:
        'FROM python:3.11\nRUN apt-get update && apt-get install -y build-essential && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["/app/start"]\n',
      after:
        'FROM python:3.11 AS build\nRUN apt-get update && apt-get install -y build-essential && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n\nFROM python:3.11\nWORKDIR /app\nCOPY --from=build /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages\nCOPY . .\nCMD ["/app/start"]\n',
      context: { start: 100, 'requirements.txt': 20 },
      steps: {
        2: { layer: { 'usr/bin/gcc': 90_000_000 } },
        5: {
          layer: {
            'root/.cache/pip/a': 900_000,
            'usr/local/lib/python3.11/site-packages': { type: 'dir', mode: 0o755 },
            'usr/local/lib/python3.11/site-packages/a.py': 900,
          },
        },
      },
      programs: { 'app/start': { kind: 'script', libraries: [], runpath: [] } },
    },
    {
      before:
        'FROM python:3.11\nRUN apt-get update \\\n && apt-get install -y gcc libpq-dev \\\n    curl \\\n && rm -rf /var/lib/apt/lists/*\nRUN pip install psycopg2\nCMD ["/app/start"]\n',
      after:
        'FROM python:3.11 AS build\nRUN apt-get update \\\n && apt-get install -y gcc libpq-dev \\\n    curl \\\n && rm -rf /var/lib/apt/lists/*\nRUN pip install psycopg2\n\nFROM python:3.11\nRUN apt-get update \\\n && apt-get install -y libpq5 \\\n    curl \\\n && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /app/start /app/\nCOPY --from=build /usr/lib/psycopg.so /usr/lib/\nCMD ["/app/start"]\n',
      steps: {
        6: { layer: { 'app/start': { size: 9, mode: 0o755 }, 'usr/lib/psycopg.so': 9000 } },
      },
      packages: {
        gcc: { line: 2, files: { 'usr/bin/gcc': 90_000_000 } },
        'libpq-dev': {
          ...{ line: 2, control: 'Depends: libpq5', files: { 'usr/include/libpq-fe.h': 9000 } },
        },
        libpq5: { line: 2, automatic: true, files: { 'usr/lib/libpq.so.5': 300_000 } },
        curl: { line: 2, control: 'Depends: libcurl4', files: { 'usr/bin/curl': 300_000 } },
        libcurl4: { line: 2, automatic: true, files: { 'usr/lib/libcurl.so.4': 700_000 } },
      },
      programs: {
        'app/start': { kind: 'script', libraries: [], runpath: [] },
        'usr/lib/psycopg.so': { kind: 'elf', libraries: ['libpq.so.5'], runpath: [] },
        'usr/lib/libpq.so.5': ELF,
      },
    },
  ],
  propose: (subject) => {
    const { programs } = subject.evidence;
    const found = programs && divisionFor(subject, programs);
    if (!found) return [];
    const other = onOtherBase(subject, found);
    const { java, building } = found.division;
    const isApart = java === undefined || building.some(({ role }) => role === 'tools');
    // Where the other base is refused, the same one is still better than a compiler's leavings. Those of Java are small
    // beside its compiler, and what it downloaded is what a cache mount keeps.
    return [
      ...(typeof other === 'object' ? (proposalOf(subject, found, other) ?? []) : []),
      ...(isApart ? (proposalOf(subject, found) ?? []) : []),
    ];
  },
  remarks: (subject) => {
    const { programs, slimmer } = subject.evidence;
    const found = programs && slimmer?.own && divisionFor(subject, programs);
    const why = found && onOtherBase(subject, found);
    if (!found || typeof why !== 'string') return [];
    const { from } = subject.lint.dockerfile.stages[found.index]!;
    return [
      {
        what: `the ${found.division.java === undefined ? 'compiler' : 'JDK'} of ${from.base.text} is in the image`,
        why: `${why}: a last stage on it, which installs what is missing, would do`,
        span: from.span,
      },
    ];
  },
};

/** Whether there would be something to propose, if it were known what programs need. */
export function mayDivide(subject: Subject): boolean {
  return divisionFor(subject, undefined) !== undefined;
}

function divisionFor(
  subject: Subject,
  programs: Subject['evidence']['programs'],
): { readonly division: Division; readonly index: number } | undefined {
  const { evidence, lint, around } = subject;
  // By its number it would be the stage that builds.
  if (/^\d+$/.test(around.options.target ?? '')) return undefined;
  const last = lint.dockerfile.stages.at(-1);
  const facts = lint.stages.find(({ stage }) => stage.index === last?.index);
  if (!last || !facts || !neededStages(subject).has(last.index)) return undefined;
  const { kind } = facts.stage.base;
  if (kind !== 'image' || facts.stage.replaced || facts.trace.some(({ planned }) => planned.trigger))
    return undefined;
  const config: ImageConfig = evidence.image.config;
  const division = divisionOf(subject, {
    ...{ stage: last.index, config, programs: programs ?? new Map() },
    guess: programs === undefined,
  });
  const isEnough = division && (division.bytes >= leastOf(subject) || evidence.slimmer !== undefined);
  return division && isEnough ? { division, index: last.index } : undefined;
}

function leastOf({ evidence: { image } }: Subject): number {
  return Math.max(LEAST_BYTES, image.bytes * LEAST_SHARE);
}

/** Nothing, or one. */
function proposalOf(
  subject: Subject,
  { division, index }: { readonly division: Division; readonly index: number },
  other?: OnOtherBase,
): readonly Proposal[] | undefined {
  const { files, kept, building } = division;
  const { from } = subject.lint.dockerfile.stages[index]!;
  const cover = (budget: number) =>
    coverOf({
      ...{ whole: files.whole, kept: other?.kept ?? kept, alike: !other, budget },
      isThere: (path) => (other?.base.tree ?? files.base).entries.has(path) || isMadeAgain(division, path),
    });
  // What Java needs is a few jars: they are named, and the project around them stays behind.
  const few = division.java === undefined ? undefined : cover(0);
  const groups = few ?? cover(division.bytes * BUDGET);
  const written = (leftOut: ReadonlySet<string>) =>
    groups &&
    twoStages(subject, {
      ...{ from, division, groups, leftOut },
      ...(other ? { base: other.base.name, head: other.lines } : {}),
    });
  const inside = groups && installedInside(subject, groups, [...division.repeated]);
  const text = written(inside?.places ?? NOWHERE);
  // Where something else keeps it below the sources, nothing needs to be left out.
  const isHigher = inside && JSON.stringify(text?.edits) !== JSON.stringify(written(NOWHERE)?.edits);
  const ignoreLines = isHigher ? inside.lines : [];
  const bytes = division.bytes + (other?.bytes ?? 0);
  if (!text || bytes < leastOf(subject)) return undefined;
  const tools = building.flatMap(({ packages, role }) => (role === 'tools' ? packages : []));
  const what = tools.length > 0 ? `without ${inWords(tools, 3)}` : 'without what it was built with';
  const proposal: Proposal = {
    title: `copy what is built into a last stage ${other ? `on ${other.base.name}` : what}`,
    reason: [
      reasonOf(division, tools),
      ...(other ? [`${other.base.name} is ${formatSize(other.bytes)} smaller`] : []),
      ...(ignoreLines.length > 0
        ? [`as the context never brings ${inWords(ignoreLines)}, it is copied above the sources`]
        : []),
    ].join('; '),
    span: from.span,
    edits: text.edits,
    ...(ignoreLines.length > 0 ? { ignoreLines } : {}),
    expects: [
      ...expectedCopies(text.copies, division.files, 'build'),
      ...expectedAgain(text.again, division.left),
    ],
    claim: { bytes },
    allows: other?.allows ?? allowancesOf(division),
    mustAsk: true,
    risk: `${division.java === undefined ? 'what a program looks for by a name that it makes up when it runs is not seen' : 'the runtime has no tools (javac, jcmd, jshell), and not all modules of the JDK; what a program asks of these when it has run for a while is not seen'}: --check "COMMAND" asks both images`,
  };
  return [proposal];
}

/** Whether what the last stage does itself makes a path. */
function isMadeAgain({ files, repeated }: Division, path: string): boolean {
  const maker = files.makers.get(path);
  return maker !== undefined && (repeated.has(maker) || maker.role === 'config');
}

function reasonOf({ bytes, kept, compiled, dropped, java }: Division, tools: readonly string[]): string {
  const left = java === undefined ? 'what the compiler kept' : 'what was downloaded and compiled on the way';
  const what = [
    ...(tools.length > 0 ? [`the packages ${inWords(tools)}`] : []),
    ...(compiled ? ['sources', left] : ['caches']),
  ];
  const made = kept.size === 1 ? '1 path that was made is' : `${kept.size} paths that were made are`;
  // Beside another base they may be next to nothing.
  const size = bytes < LEAST_BYTES ? '' : `${formatSize(bytes)} in `;
  return `${size}${dropped.length} paths are only there to build: ${inWords(what)}. What the image starts, and all that stays, needs none of it; ${made} copied`;
}

function allowancesOf({ dropped, restored, returned, gone }: Division): readonly Allowance[] {
  const of = (
    change: 'removed' | 'changed' | 'added',
    what: string,
    paths: readonly string[],
  ): Allowance[] => (paths.length === 0 ? [] : [{ what: 'paths', change, of: what, paths }]);
  return [
    ...(gone.length === 0 ? [] : [{ what: 'packages', removed: gone } as const]),
    ...of('removed', 'only there to build', dropped),
    ...of('changed', 'as the base has it', restored),
    ...of('added', 'as the base has it', returned),
  ];
}
