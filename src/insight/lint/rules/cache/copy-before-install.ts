import { about, unquoted } from '../../placed.ts';
import type { Finding, Rule } from '../../rule.ts';
import { type Command, hasArgument, operands, type Run, runsOf } from '../../run-commands.ts';

/** How dependencies are installed, and the files that say which. */
interface Ecosystem {
  readonly installs: (command: Command) => boolean;
  /** For a COPY above. Empty where no file is needed at all. */
  readonly manifests: string;
}

const named = (programs: readonly string[], verbs: readonly string[]) => (command: Command) =>
  programs.includes(command.name) && verbs.includes(operands(command)[0]?.text ?? '');

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
      good: 'FROM node:24\nWORKDIR /srv\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .',
    },
    {
      bad: 'FROM debian:trixie\nCOPY . /srv\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.*',
      at: [2],
      good: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.*\nCOPY . /srv',
    },
  ],
  check: (subject) => {
    const runs = runsOf(subject).filter(({ onbuild }) => !onbuild);
    return subject.dockerfile.stages.flatMap((stage) => {
      const found: Finding[] = [];
      for (const instruction of stage.instructions) {
        if (instruction.kind !== 'copy' && instruction.kind !== 'add') continue;
        const isAll = instruction.sources.some(({ text }) => ['.', './', '/', '*'].includes(unquoted(text)));
        if (!isAll || (instruction.kind === 'copy' && instruction.from)) continue;
        const below = runs.filter((run) => run.stage === stage && run.at.start > instruction.node.start);
        const install = below.map((run) => installOf(run)).find((one) => one !== undefined);
        if (!install) break;
        const { run, ecosystem, command } = install;
        const first =
          ecosystem.manifests === '' ? 'put it above this COPY' : `copy ${ecosystem.manifests} first`;
        const message = `every change of a file runs ${command.name} of line ${run.at.line} again: ${first}`;
        found.push(about(instruction, message, { word: instruction.sources[0] }));
        break;
      }
      return found;
    });
  },
};

/** The first command of a RUN that installs dependencies. A mount of the files is as good as a COPY of them. */
function installOf(
  run: Run,
): { readonly run: Run; readonly command: Command; readonly ecosystem: Ecosystem } | undefined {
  for (const command of run.commands) {
    const ecosystem = ECOSYSTEMS.find(({ installs }) => installs(command));
    if (ecosystem) return { run, command, ecosystem };
  }
  return undefined;
}
