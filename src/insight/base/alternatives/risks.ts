// What may stand against another base, from what the Dockerfile does with its own. What is not written down (a program
// that is started by another) is not known here: building and testing tells.

import { PACKAGE_NAMES_AS_OF, packageElsewhere } from '../../compatibility/index.ts';
import { compareVersions, type Family, parseVersion } from '../../tags/index.ts';
import { libcOf } from './libc.ts';
import type { BaseUse, KnownImage, Risk } from './types.ts';

/** Programs of package managers, by the distributions that have them. */
const MANAGERS: Readonly<Record<string, readonly string[]>> = {
  'apt-get': ['debian', 'ubuntu'],
  apt: ['debian', 'ubuntu'],
  dpkg: ['debian', 'ubuntu'],
  'add-apt-repository': ['debian', 'ubuntu'],
  apk: ['alpine', 'wolfi'],
  dnf: ['fedora', 'oraclelinux', 'rockylinux', 'almalinux', 'rhel', 'amazonlinux'],
  microdnf: ['ubi', 'oraclelinux', 'rhel'],
  yum: ['centos', 'amazonlinux', 'rhel', 'oraclelinux'],
};

/** What Debian's tools for users and groups are called is another thing in busybox. */
const ACCOUNTS = ['useradd', 'groupadd', 'usermod'];

/** What full images bring (buildpack-deps) and slim ones leave out. */
const FULL_ONLY = [
  ...['gcc', 'g++', 'cc', 'make', 'cmake', 'autoconf', 'automake', 'patch', 'pkg-config', 'git', 'hg', 'svn'],
  ...[
    'curl',
    'wget',
    'unzip',
    'bzip2',
    'xz',
    'file',
    'ssh',
    'mysql_config',
    'pg_config',
    'dpkg-buildpackage',
  ],
];
/** Packages by the commands that they bring, where the names differ. */
const BRINGS: Readonly<Record<string, readonly string[]>> = {
  'build-essential': ['gcc', 'g++', 'cc', 'make', 'dpkg-buildpackage'],
  mercurial: ['hg'],
  subversion: ['svn'],
  'openssh-client': ['ssh'],
  'xz-utils': ['xz'],
  'default-libmysqlclient-dev': ['mysql_config'],
  'libpq-dev': ['pg_config'],
};
/** Installers that compile what has no build for musl. */
const NATIVE: Readonly<Record<string, readonly [commands: readonly string[], what: string]>> = {
  python: [
    ['pip', 'pip3', 'uv', 'poetry', 'pipenv'],
    'Python packages without wheels for musl (musllinux) are compiled',
  ],
  nodejs: [['npm', 'yarn', 'pnpm'], 'native Node modules need builds for musl, or are compiled'],
  ruby: [['gem', 'bundle'], 'native gems need builds for musl, or are compiled'],
  'eclipse-temurin': [
    ['mvn', 'mvnw', 'gradle', 'gradlew'],
    'libraries of Java with native code (JNI) need builds for musl',
  ],
  php: [['pecl', 'docker-php-ext-install'], 'extensions are compiled, with packages of other names'],
};

/** What is done with a base. */
export interface RiskyUse {
  readonly use: BaseUse;
  readonly family: Family;
  /** What was looked up package by package, and need not be warned of as a whole. */
  readonly settled?: { readonly python: boolean; readonly node: boolean } | undefined;
}

/** All that may stand against `to` where `from` is the base. */
export function risksOf(from: KnownImage, to: KnownImage, { use, family, settled }: RiskyUse): Risk[] {
  return [
    ...ofPackageManager(from, to, use),
    ...ofSlim(from, to, use),
    ...ofLibc(from, to, { use, family, settled }),
    ...ofVersion(from, to, family),
    ...ofRelease(from, to, use),
    ...ofPlatforms(from, to),
  ];
}

/** Names that are told of in a sentence. */
const MOST_NAMES = 4;

function ofPackageManager(from: KnownImage, to: KnownImage, use: BaseUse): Risk[] {
  const before = from.distribution?.name;
  const after = to.distribution?.name;
  if (after === undefined || before === after) return [];
  const gone = Object.entries(MANAGERS).filter(
    ([program, names]) => use.commands.has(program) && !names.includes(after),
  );
  const names = gone.length > 0 ? calledOtherwise(from, to, use).map(({ text }) => text) : [];
  const known = [...new Set(names)].slice(0, MOST_NAMES).join(', ');
  const risks: Risk[] = gone.map(([program]) => ({
    level: 'breaks',
    text: `${program} is not there, and packages have other names${known === '' ? '' : `: ${known}`}`,
    lines: use.commands.get(program) ?? [],
    ...(known === '' ? {} : { namesAsOf: PACKAGE_NAMES_AS_OF }),
  }));
  if (after !== 'alpine') return risks;
  if (use.bash.length > 0) risks.push({ level: 'breaks', text: 'bash is not there', lines: use.bash });
  for (const program of ACCOUNTS) {
    const lines = use.commands.get(program);
    if (lines)
      risks.push({ level: 'breaks', text: `${program} is not there: adduser and addgroup are`, lines });
  }
  return risks;
}

function ofSlim(from: KnownImage, to: KnownImage, use: BaseUse): Risk[] {
  const less = (size: string | undefined) => size !== undefined && size !== 'full';
  if (less(from.size) || (!less(to.size) && to.distribution?.name !== 'alpine')) return [];
  const own = new Set(use.packages.flatMap(({ name }) => [name, ...(BRINGS[name] ?? [])]));
  return FULL_ONLY.flatMap((program): Risk[] => {
    const lines = use.commands.get(program);
    return lines && !own.has(program)
      ? [{ level: 'breaks', text: `${program} is not there unless it is installed`, lines }]
      : [];
  });
}

function ofLibc(from: KnownImage, to: KnownImage, { use, family, settled }: RiskyUse): Risk[] {
  const before = from.distribution && libcOf(from.distribution);
  const after = to.distribution && libcOf(to.distribution);
  if (!before || !after) return [];
  const foreign = (text: string): Risk[] =>
    use.foreign.length > 0 ? [{ level: 'check', text, lines: use.foreign }] : [];
  if (before.name === after.name) {
    const [x, y] = [before.version, after.version].map((text) => parseVersion(text ?? ''));
    const older = x && y && compareVersions(y, x) < 0;
    return older && before.name === 'glibc'
      ? foreign(`programs built for glibc ${before.version} need not run with ${after.version}`)
      : [];
  }
  const risks = foreign(`programs built for ${before.name} do not run with ${after.name}`);
  if (family.product === 'postgresql')
    risks.push({
      level: 'breaks',
      text: 'texts sort otherwise: a data directory must be reindexed',
      lines: [],
    });
  if (after.name !== 'musl') return risks;
  const { product = '' } = family;
  const known = { python: settled?.python, nodejs: settled?.node }[product] ?? false;
  const [commands, text] = (known ? undefined : NATIVE[product]) ?? [[], ''];
  const lines = commands.flatMap((command) => use.commands.get(command) ?? []);
  if (lines.length > 0) risks.push({ level: 'check', text, lines: lines.toSorted((a, b) => a - b) });
  return risks;
}

function ofVersion(from: KnownImage, to: KnownImage, { product }: Family): Risk[] {
  if (from.line === undefined || to.line === undefined || from.line === to.line) return [];
  if (product === 'postgresql' || product === 'mysql' || product === 'mariadb') {
    const text = `data of ${from.line} must be migrated to ${to.line}`;
    return [{ level: 'breaks', text, lines: [] }];
  }
  return [
    { level: 'check', text: `${to.line} is another version than ${from.line}: test with it`, lines: [] },
  ];
}

function ofRelease(from: KnownImage, to: KnownImage, { packages }: BaseUse): Risk[] {
  const [before, after] = [from.distribution, to.distribution];
  if (!before || !after || before.name !== after.name || before.release === after.release) return [];
  const renamed = calledOtherwise(from, to, { packages });
  const risks = renamed.map(
    ({ text, line }): Risk => ({
      ...{ level: 'check', text, lines: [line] },
      namesAsOf: PACKAGE_NAMES_AS_OF,
    }),
  );
  const known = new Set(renamed.map(({ name }) => name));
  // A number in its name is that of a library, which another release has another one of.
  const versioned = packages.filter(
    ({ name }) => !known.has(name) && /\d\.\d|\d\d|^lib[a-z-]*\d/.test(name.replace('x11', '')),
  );
  if (versioned.length === 0) return risks;
  const names = [...new Set(versioned.map(({ name }) => name))];
  const text = `${names.slice(0, 4).join(', ')} may be called otherwise there`;
  return [...risks, { level: 'check', text, lines: [...new Set(versioned.map(({ line }) => line))] }];
}

/** Packages of the Dockerfile that have another name there, as far as the table of names knows. */
function calledOtherwise(
  { distribution: from }: KnownImage,
  { distribution: to }: KnownImage,
  { packages }: Pick<BaseUse, 'packages'>,
): readonly { readonly name: string; readonly text: string; readonly line: number }[] {
  if (!to) return [];
  return packages.flatMap(({ name, line }) => {
    const there = packageElsewhere(name, from, to);
    if (!there) return [];
    const { names, note } = there;
    // It is there by its own name, and wants more beside it.
    if (names.includes(name)) return [];
    const none = note === undefined ? 'is not needed' : 'is not there';
    return [{ name, text: names.length > 0 ? `${name} is ${names[0]}` : `${name} ${none}`, line }];
  });
}

function ofPlatforms(from: KnownImage, to: KnownImage): Risk[] {
  const there = new Set(to.images.map(({ platform }) => platform));
  const gone = from.images
    .map(({ platform }) => platform)
    .filter((one) => one.startsWith('linux/') && !there.has(one));
  if (there.size === 0 || gone.length === 0) return [];
  const names = [...new Set(gone)].map((one) => one.replace(/^linux\//, ''));
  return [{ level: 'check', text: `it is not there for ${names.join(', ')}`, lines: [] }];
}
