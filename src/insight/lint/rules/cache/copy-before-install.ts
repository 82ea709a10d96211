import type { AddInstruction, CopyInstruction, StageInstruction } from '../../../../lang/dockerfile/index.ts';
import { about, lineage, unquoted } from '../../placed.ts';
import type { Finding, Rule } from '../../rule.ts';
import { type Command, hasArgument, operands, type Run, runsOf } from '../../run-commands.ts';
import type { LintSubject } from '../../subject.ts';

/** How dependencies are installed, and the files that say which. */
interface Ecosystem {
  readonly installs: (command: Command) => boolean;
  /** For a COPY above. Empty where no file is needed at all. */
  readonly manifests: string;
}

const named = (programs: readonly string[], verbs: readonly string[]) => (command: Command) =>
  programs.includes(command.name) && verbs.includes(operands(command)[0]?.text ?? '');

const isDart = (one: Command) => ['dart', 'flutter'].includes(one.name) && operands(one)[0]?.text === 'pub';

const ECOSYSTEMS: readonly Ecosystem[] = [
  {
    installs: (one) => named(['npm'], ['ci', 'install', 'i'])(one) && operands(one).length === 1,
    manifests: 'package.json package-lock.json',
  },
  {
    installs: (one) => one.name === 'yarn' && ['', 'install'].includes(operands(one)[0]?.text ?? ''),
    manifests: 'package.json yarn.lock',
  },
  { installs: named(['pnpm'], ['install', 'i', 'fetch']), manifests: 'package.json pnpm-lock.yaml' },
  { installs: named(['bun'], ['install', 'i']), manifests: 'package.json bun.lock' },
  {
    installs: (one) =>
      /^pip[\d.]*$|^python/.test(one.name) &&
      hasArgument(one, 'install') &&
      hasArgument(one, '-r', '--requirement'),
    manifests: 'requirements.txt',
  },
  { installs: named(['poetry'], ['install']), manifests: 'pyproject.toml poetry.lock' },
  { installs: named(['uv'], ['sync']), manifests: 'pyproject.toml uv.lock' },
  { installs: named(['pipenv'], ['install', 'sync']), manifests: 'Pipfile Pipfile.lock' },
  { installs: named(['bundle'], ['install', '']), manifests: 'Gemfile Gemfile.lock' },
  { installs: named(['composer'], ['install']), manifests: 'composer.json composer.lock' },
  {
    installs: (one) => one.name === 'go' && hasArgument(one, 'mod') && hasArgument(one, 'download'),
    manifests: 'go.mod go.sum',
  },
  { installs: named(['cargo'], ['fetch']), manifests: 'Cargo.toml Cargo.lock' },
  {
    installs: (one) => one.name === 'mvn' && one.args.some(({ text }) => text.startsWith('dependency:')),
    manifests: 'pom.xml',
  },
  { installs: named(['dotnet'], ['restore']), manifests: '*.csproj' },
  { installs: named(['mix'], ['deps.get']), manifests: 'mix.exs mix.lock' },
  {
    installs: (one) =>
      (named(['pub'], ['get'])(one) || (isDart(one) && operands(one)[1]?.text === 'get')) &&
      !hasArgument(one, '--offline'),
    manifests: 'pubspec.yaml pubspec.lock',
  },
  { installs: named(['carton'], ['install']), manifests: 'cpanfile cpanfile.snapshot' },
  {
    installs: (one) =>
      ['conda', 'mamba', 'micromamba'].includes(one.name) &&
      operands(one)[0]?.text === 'env' &&
      ['create', 'update'].includes(operands(one)[1]?.text ?? ''),
    manifests: 'environment.yml',
  },
  { installs: named(['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum'], ['install', 'add']), manifests: '' },
];

export const copyBeforeInstall: Rule = {
  name: 'CopyBeforeInstall',
  severity: 'warning',
  summary: 'dependencies are installed before the sources are copied',
  page: `A step is taken from the cache as long as nothing above it changed. Below \`COPY . .\` that is never: every change of
every file, a README's too, installs all dependencies again. Copy what names the dependencies first, install, and copy
the rest then:

\`\`\`dockerfile
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
\`\`\`

Packages of the system need no file at all, and stand above every COPY. Where the dependencies are in the sources
themselves (a workspace of many packages) copy all of their manifests (\`COPY --parents **/package.json ./\`).`,
  examples: [
    {
      bad: 'FROM node:24\nWORKDIR /srv\nCOPY . .\nRUN npm ci',
      at: [3],
      good: 'FROM node:24\nWORKDIR /srv\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build && npm ci --omit=dev',
    },
    {
      bad: 'FROM debian:trixie\nCOPY . /srv\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.*',
      at: [2],
      good: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.*\nCOPY . /srv',
    },
  ],
  check: (subject) => {
    const { stages } = subject.dockerfile;
    const runs = runsOf(subject).filter(({ onbuild }) => !onbuild);
    return stages.flatMap((stage): readonly Finding[] => {
      const copy = stage.instructions.find(copiesAll);
      if (!copy) return [];
      const line = lineage(stages, stage);
      const before = runs.filter((run) => run.at.start < copy.node.start && line.includes(run.stage));
      const install = runs
        .filter((run) => run.stage === stage && run.at.start > copy.node.start)
        .flatMap(installsOf)
        .find(({ ecosystem }) => !isDoneIn(before, ecosystem));
      if (!install) return [];
      const { command, ecosystem } = install;
      const first =
        ecosystem.manifests === ''
          ? 'put it above this COPY'
          : `copy ${namesThere(ecosystem.manifests, subject)} first`;
      const message = `every change of a file runs ${command.name} of line ${command.run.at.line} again: ${first}`;
      return [about(copy, message, { word: copy.sources[0] })];
    });
  },
};

/** Of the files that name dependencies those that the context has, where that is known: many have no lock file. */
function namesThere(manifests: string, { context }: LintSubject): string {
  const there = manifests
    .split(' ')
    .filter((name) => context?.files.some(({ path }) => path === name || path.endsWith(`/${name}`)));
  return there.length === 0 ? manifests : there.join(' ');
}

/** COPY or ADD of all of the context. */
function copiesAll(one: StageInstruction): one is CopyInstruction | AddInstruction {
  if (one.kind !== 'add' && (one.kind !== 'copy' || one.from)) return false;
  return one.sources.some(({ text }) => ['.', './', '/', '*'].includes(unquoted(text)));
}

/** The commands of a RUN that install dependencies. */
function installsOf({
  commands,
}: Run): readonly { readonly command: Command; readonly ecosystem: Ecosystem }[] {
  return commands.flatMap((command) => {
    const ecosystem = ECOSYSTEMS.find(({ installs }) => installs(command));
    return ecosystem ? [{ command, ecosystem }] : [];
  });
}

/** What takes long is done above: below it is only made smaller. Packages of the system are others each time. */
function isDoneIn(runs: readonly Run[], { installs, manifests }: Ecosystem): boolean {
  return manifests !== '' && runs.some(({ commands }) => commands.some(installs));
}
