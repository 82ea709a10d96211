// An archive of packages for tests: tiny ones made by dpkg-deb, listed by dpkg-scanpackages, in a directory. It plays the
// part of Debian's or Ubuntu's mirror.

import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { command } from './docker.ts';

/** A package to be made. */
export interface TinyPackage {
  readonly name: string;
  readonly version?: string;
  readonly architecture?: string;
  /** Other fields of the control file: `Depends`, `Essential`. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Contents by path; a link is `-> target`. Paths of programs end with `*`, which is not part of them. */
  readonly files?: Readonly<Record<string, string>>;
  readonly postinst?: string;
}

/** Whether what is needed is there. */
export const canMakeArchives = Bun.which('dpkg-deb') !== null && Bun.which('dpkg-scanpackages') !== null;

const TIME = 1_600_000_000;

/**
 * Makes an archive of one suite. Made again with other packages, it has those, as mirrors do.
 * @returns the path of a file of sources for `--mirror`
 */
export function makeArchive(
  directory: string,
  {
    suite,
    packages,
    keep = [],
  }: {
    readonly suite: string;
    readonly packages: readonly TinyPackage[];
    /** Files of these are still there, though no list names them. */
    readonly keep?: readonly TinyPackage[];
  },
): string {
  const pool = join(directory, 'pool/main');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(pool, { recursive: true });
  for (const one of packages) makeDeb(one, pool);
  const architectures = [...new Set(['amd64', 'arm64', ...packages.map((one) => one.architecture ?? 'all')])];
  for (const architecture of architectures.filter((one) => one !== 'all')) {
    const index = join(directory, 'dists', suite, `main/binary-${architecture}`);
    mkdirSync(index, { recursive: true });
    const listed = run(['dpkg-scanpackages', '--arch', architecture, '--multiversion', 'pool'], directory);
    writeFileSync(join(index, 'Packages'), listed);
  }
  for (const one of keep) makeDeb(one, pool);
  const release = join(directory, 'dists', suite);
  writeFileSync(join(release, 'Release'), releaseFile(release, suite, architectures));
  const sources = join(directory, 'archive.sources');
  writeFileSync(
    sources,
    `Types: deb\nURIs: copy:${directory}\nSuites: ${suite}\nComponents: main\nTrusted: yes\n`,
  );
  return sources;
}

/** Makes the file of a package in a directory. */
export function makeDeb(one: TinyPackage, pool: string): void {
  const { name, version = '1.0', architecture = 'all', fields = {}, files = {}, postinst } = one;
  const root = join(pool, `.${name}`);
  mkdirSync(join(root, 'DEBIAN'), { recursive: true, mode: 0o755 });
  for (const [path, content] of Object.entries(files)) {
    const target = join(root, path.replace(/\*$/, ''));
    mkdirSync(dirname(target), { recursive: true });
    if (content.startsWith('-> ')) run(['ln', '-s', content.slice(3), target]);
    else {
      writeFileSync(target, content);
      chmodSync(target, path.endsWith('*') ? 0o755 : 0o644);
    }
  }
  const control = {
    ...{ Package: name, Version: version, Architecture: architecture },
    ...{ Maintainer: 'Nobody <nobody@example.org>', 'Installed-Size': '7', ...fields },
    Description: `the package ${name}`,
  };
  const lines = Object.entries(control).map(([field, value]) => `${field}: ${value}\n`);
  writeFileSync(join(root, 'DEBIAN/control'), lines.join(''));
  const sums = Object.keys(files).filter((path) => !files[path]!.startsWith('-> '));
  writeFileSync(
    join(root, 'DEBIAN/md5sums'),
    sums.map((path) => `${md5(files[path]!)}  ${path.replace(/\*$/, '')}\n`).join(''),
  );
  if (postinst !== undefined) {
    writeFileSync(join(root, 'DEBIAN/postinst'), postinst);
    chmodSync(join(root, 'DEBIAN/postinst'), 0o755);
  }
  run(['find', root, '-exec', 'touch', '-h', '-d', `@${TIME}`, '{}', '+']);
  const options = ['--root-owner-group', '-Znone', '--build'];
  run(['dpkg-deb', ...options, root, `${pool}/${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`]);
  rmSync(root, { recursive: true });
}

function releaseFile(directory: string, suite: string, architectures: readonly string[]): string {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('Packages'),
  );
  const sums = paths.sort().map((path) => {
    const bytes = readFileSync(join(directory, path));
    return ` ${new Bun.CryptoHasher('sha256').update(bytes).digest('hex')} ${bytes.length} ${path}\n`;
  });
  return [
    `Origin: Test\nSuite: ${suite}\nCodename: ${suite}\nDate: Sun, 13 Sep 2020 12:26:40 UTC\n`,
    `Architectures: ${architectures.join(' ')}\nComponents: main\nSHA256:\n`,
    ...sums,
  ].join('');
}

function md5(text: string): string {
  return new Bun.CryptoHasher('md5').update(text).digest('hex');
}

/** Runs a program that must succeed. @returns what it wrote on standard output */
export function run(args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr } = command(args, {
    env: { SOURCE_DATE_EPOCH: String(TIME) },
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout.toString();
}
