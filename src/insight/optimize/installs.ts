// Commands that install what a project depends on, and the files of the project that say what: for steps that nobody has
// watched, and to tell which of the files that were looked for and not found may come to be there.

import { flagsOf, operandsOf, type PlacedCommand } from '../../lang/shell/index.ts';

/** A command that installs. */
export interface Install {
  /** As it is called in messages: `npm ci`. */
  readonly name: string;
  /**
   * Files of the working directory that it reads where they are there, `*` within a name, `**` for any directories; none
   * for packages of the system.
   */
  readonly manifests: readonly string[];
  /** Files that count as soon as they are there: of them those that are not there yet are copied too. */
  readonly later: readonly string[];
  /** What a directory has that is a member of a workspace: it lists directories to find them, and looks at no other name. */
  readonly memberBy?: string;
  /** What it reads besides can only be told by watching: the project itself is installed too, or its scripts run. */
  readonly needsWatching: boolean;
}

/** A package manager. */
interface Manager {
  readonly commands: RegExp;
  /** Of its first operand; '' where there is none. */
  readonly verbs: readonly string[];
  readonly manifests: readonly string[];
  readonly later?: readonly string[];
  readonly memberBy?: string;
  /** Flags of which one must be there, or what is read besides is not known. */
  readonly alone?: readonly string[];
  /** Never known without watching. */
  readonly watch?: boolean;
  /** More operands name packages: then no file is read. */
  readonly named?: boolean;
}

const NODE = ['package.json', '.npmrc', '**/package.json', 'patches/**', 'prisma/schema.prisma'];
const NODE_MEMBER = { memberBy: 'package.json' };

const MANAGERS: readonly Manager[] = [
  {
    ...NODE_MEMBER,
    ...{ commands: /^npm$/, verbs: ['ci', 'install', 'i', 'clean-install'], named: true },
    manifests: [...NODE, 'package-lock.json', 'npm-shrinkwrap.json'],
    later: ['package-lock.json', '.npmrc'],
  },
  {
    ...NODE_MEMBER,
    ...{ commands: /^yarn(pkg)?$/, verbs: ['', 'install'] },
    manifests: [...NODE, 'yarn.lock', '.yarnrc', '.yarnrc.yml', '.yarn/**'],
    later: ['yarn.lock', '.yarnrc.yml', '.npmrc'],
  },
  {
    ...NODE_MEMBER,
    ...{ commands: /^pnpm$/, verbs: ['install', 'i', 'fetch'] },
    manifests: [...NODE, 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnpmfile.cjs'],
    later: ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'],
  },
  {
    ...NODE_MEMBER,
    ...{ commands: /^bun$/, verbs: ['install', 'i'], named: true },
    manifests: [...NODE, 'bun.lock', 'bun.lockb', 'bunfig.toml'],
    later: ['bun.lock', '.npmrc'],
  },
  {
    ...{ commands: /^poetry$/, verbs: ['install', 'sync'], alone: ['no-root', 'only-root'] },
    manifests: ['pyproject.toml', 'poetry.lock', 'poetry.toml'],
    later: ['poetry.lock', 'poetry.toml'],
  },
  {
    ...{ commands: /^uv$/, verbs: ['sync'], alone: ['no-install-project', 'no-install-workspace'] },
    manifests: ['pyproject.toml', 'uv.lock', 'uv.toml', '.python-version'],
    later: ['uv.lock', 'uv.toml', '.python-version'],
  },
  {
    ...{ commands: /^pipenv$/, verbs: ['install', 'sync'], named: true },
    manifests: ['Pipfile', 'Pipfile.lock'],
    later: ['Pipfile.lock'],
  },
  {
    ...{ commands: /^bundle(r)?$/, verbs: ['', 'install'] },
    manifests: [
      'Gemfile',
      'Gemfile.lock',
      '.ruby-version',
      '.tool-versions',
      '.bundle/config',
      'gems.rb',
      'gems.locked',
    ],
    later: ['Gemfile.lock'],
  },
  {
    ...{ commands: /^composer(\.phar)?$/, verbs: ['install', 'i'], alone: ['no-autoloader'] },
    manifests: ['composer.json', 'composer.lock', 'auth.json', 'symfony.lock'],
    later: ['composer.lock'],
  },
  {
    commands: /^mvnw?$/,
    verbs: ['dependency:go-offline', 'dependency:resolve'],
    manifests: ['pom.xml', '**/pom.xml', '.mvn/**', 'mvnw'],
  },
  {
    ...{ commands: /^gradlew?$/, verbs: ['dependencies'], watch: true },
    manifests: ['*.gradle', '*.gradle.kts', 'gradle.properties', 'gradle/**', 'gradlew'],
  },
  {
    ...{ commands: /^dotnet$/, verbs: ['restore'] },
    manifests: [
      '**/*.??proj',
      '*.sln',
      '*.slnx',
      'NuGet.config',
      'nuget.config',
      'global.json',
      '**/packages.lock.json',
      'Directory.*.props',
      'Directory.*.targets',
    ],
  },
  {
    commands: /^cargo$/,
    verbs: ['fetch'],
    manifests: ['Cargo.toml', 'Cargo.lock', '**/Cargo.toml'],
    watch: true,
  },
  { commands: /^mix$/, verbs: ['deps.get'], manifests: ['mix.exs', 'mix.lock', 'config/*.exs'] },
  {
    ...{ commands: /^pub$/, verbs: ['get'], memberBy: 'pubspec.yaml' },
    manifests: ['pubspec.yaml', 'pubspec.lock', 'pubspec_overrides.yaml', '**/pubspec.yaml'],
    later: ['pubspec.lock'],
  },
  {
    ...{ commands: /^carton$/, verbs: ['install'], named: true },
    manifests: ['cpanfile', 'cpanfile.snapshot'],
    later: ['cpanfile.snapshot'],
  },
];

/** Packages of the system: what they are is in the command. */
const SYSTEM = /^(apt|apt-get|aptitude|apk|dnf|microdnf|yum|zypper)$/;

/** Commands that install what they name, and read no file of a project: of some only with this first operand. */
const NAMED: readonly (readonly [RegExp, RegExp?])[] = [
  [/^gem$/, /^install$/],
  [/^(pecl|pear|pipx)$/, /^install$/],
  [/^docker-php-ext-(install|enable|configure)$/],
  [/^(cargo|go)$/, /^install$/],
  [/^yarn$/, /^global$/],
];

/** Commands that read no file of a project where they are told what to do. */
const HARMLESS =
  /^(echo|printf|true|:|set|sleep|useradd|adduser|groupadd|addgroup|locale-gen|update-ca-certificates|corepack)$/;

/** Flags with which it works in another directory. */
const ELSEWHERE = [
  'prefix',
  'cwd',
  'C',
  'dir',
  'directory',
  'project',
  'working-dir',
  'f',
  'file',
  'gemfile',
];

/** What a command installs; undefined for one that does not install. */
export function installOf(placed: PlacedCommand): Install | undefined {
  const { args } = placed;
  let { name } = placed;
  let operands = operandsOf(args).map(({ value }) => value);
  // `dart pub get` is what `pub get` was.
  if (name === 'dart' && operands[0] === 'pub') [name = '', ...operands] = operands;
  const title = [name, operands[0] ?? ''].join(' ').trim();
  if (SYSTEM.test(name)) return { name: title, manifests: [], later: [], needsWatching: hasPaths(operands) };
  if (NAMED.some(([command, verb]) => command.test(name) && (!verb || verb.test(operands[0] ?? '')))) {
    const named = operands.slice(1);
    // `cargo install --path .`, `go install ./cmd/app`: the project itself.
    const own =
      name === 'go'
        ? !named.every((one) => one.includes('@'))
        : flagsOf(args).some((flag) => flag.name === 'path');
    return {
      name: title,
      manifests: [],
      later: [],
      needsWatching: own || named.length === 0 || hasPaths(named),
    };
  }
  if (/^pip[\d.]*$|^python[\d.]*$|^uv$/.test(name) && operands.includes('install')) return pipInstall(placed);
  if (name === 'go' && operands[0] === 'mod' && operands[1] === 'download')
    return {
      ...{
        name: 'go mod download',
        manifests: ['go.mod', 'go.sum', 'go.work', 'go.work.sum', '**/go.mod', '**/go.sum'],
      },
      ...{ later: ['go.sum'], needsWatching: false },
    };
  const manager = MANAGERS.find(
    ({ commands, verbs }) => commands.test(name) && verbs.includes(operands[0] ?? ''),
  );
  if (!manager) return undefined;
  const flags = flagsOf(args);
  // It fetches nothing: it is there to put right what was copied over what an earlier one made.
  if (name === 'pub' && flags.some((flag) => flag.name === 'offline')) return undefined;
  if (manager.named && operands.length > 1)
    return { name: title, manifests: [], later: [], needsWatching: hasPaths(operands.slice(1)) };
  const alone = manager.alone === undefined || flags.some((flag) => manager.alone!.includes(flag.name));
  return {
    ...{ name: title, manifests: manager.manifests, later: manager.later ?? [] },
    ...(manager.memberBy === undefined ? {} : { memberBy: manager.memberBy }),
    needsWatching:
      manager.watch === true ||
      !alone ||
      flags.some(
        (flag) =>
          (ELSEWHERE.includes(flag.name) && !/^npm|^yarn/.test(name)) ||
          ['prefix', 'cwd'].includes(flag.name),
      ),
  };
}

/** `pip install -r …`: the files that are named, and those beside them that they may include. */
function pipInstall({ name, args }: PlacedCommand): Install | undefined {
  const files: string[] = [];
  const packages: string[] = [];
  const links: string[] = [];
  let local = false;
  const values = args.map(({ value }) => value);
  for (let i = values.indexOf('install') + 1; i < values.length; i++) {
    const value = values[i]!;
    const [, flag, glued] =
      /^(--requirement|--constraint|--find-links|--target|-[rcft](?!-))=?(.*)$/.exec(value) ?? [];
    const given = () => (glued === '' || glued === undefined ? (values[++i] ?? '') : glued);
    if (flag === '-f' || flag === '--find-links') links.push(given());
    else if (flag === '-t' || flag === '--target') given();
    else if (flag !== undefined) files.push(given());
    else if (/^(-e|--editable)/.test(value)) local = true;
    else if (!value.startsWith('-')) packages.push(value);
  }
  const directories = new Set(
    files.map((file) => (file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '')),
  );
  const beside = [...directories].flatMap((one) => [`${one}*requirements*.txt`, `${one}*constraints*.txt`]);
  return {
    name: `${name === 'uv' ? 'uv pip' : name.startsWith('python') ? 'pip' : name} install`,
    manifests: [
      ...(files.length > 0 ? [...files, ...beside, 'requirements/*.txt'] : []),
      ...links.filter((link) => !link.includes('://')).map((link) => `${link}/**`),
    ],
    later: [],
    needsWatching: local || hasPaths(packages) || [...files, ...links].some((file) => file.includes('$')),
  };
}

function hasPaths(operands: readonly string[]): boolean {
  return operands.some((one) =>
    /^\.{0,2}\/|^\.{1,2}$|^\.\[|\.(whl|deb|rpm|apk|tar\.gz|zip)$|^file:|\$/.test(one),
  );
}

/** Whether a command, which is not known to install, has nothing to do with the project's files. */
export function isHarmless({ name, args, command }: PlacedCommand): boolean {
  if (command.redirects.some(({ operator }) => operator.startsWith('<'))) return false;
  if (HARMLESS.test(name)) return true;
  // Downloads, unless they send something.
  if (name === 'curl' || name === 'wget')
    return !args.some(({ value }) =>
      /^@|^-[a-zA-Z]*[dFTKi]$|^--(data|form|upload|config|post|body|input)/.test(value),
    );
  const operands = operandsOf(args).map(({ value }) => value);
  if (name === 'touch' || name === 'mkdir') return true;
  if (name === 'rm') return operands.every((one) => /^\/(var|tmp|root|etc|usr|opt|data)\//.test(one));
  if (name === 'npm' || name === 'yarn' || name === 'pnpm')
    return operands[0] === 'cache' || operands[0] === 'config';
  if (name === 'pip' || name === 'pip3') return operands[0] === 'cache';
  return false;
}
