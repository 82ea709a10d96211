// What programs say when a base lacks something, one pattern each, those that explain most first.

import { type FailedBase, otherName } from './failed-base.ts';

/** Why something failed. */
export interface FailureReason {
  readonly kind:
    | 'package'
    | 'release'
    | 'installer'
    | 'shell'
    | 'program'
    | 'libc'
    | 'library'
    | 'architecture'
    | 'wheel'
    | 'python'
    | 'compiler'
    | 'header'
    | 'account';
  /** What is missing: a package, a program, a version. */
  readonly what: string;
  /** A sentence. */
  readonly text: string;
  readonly hint?: string;
}

interface Saying {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray, base: FailedBase) => FailureReason | undefined;
}

const INSTALLERS = new Set(['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum', 'zypper', 'pacman']);
const SHELLS = new Set(['bash', 'sh', 'ash', 'zsh']);
const COMPILERS = /^(x86_64-linux-(gnu|musl)-|aarch64-linux-(gnu|musl)-)?(gcc|g\+\+|cc|c\+\+|clang)$/;

/** Packages that bring a program: of Debian, of Alpine. */
const BROUGHT_BY: Readonly<Record<string, readonly [debian: string, alpine: string]>> = {
  cc: ['build-essential', 'build-base'],
  curl: ['curl', 'curl'],
  'g++': ['build-essential', 'build-base'],
  gcc: ['build-essential', 'build-base'],
  git: ['git', 'git'],
  groupadd: ['passwd', 'shadow'],
  make: ['make', 'make'],
  node: ['nodejs', 'nodejs'],
  npm: ['npm', 'npm'],
  pg_config: ['libpq-dev', 'libpq-dev'],
  pip: ['python3-pip', 'py3-pip'],
  pip3: ['python3-pip', 'py3-pip'],
  'pkg-config': ['pkg-config', 'pkgconf'],
  ps: ['procps', 'procps'],
  python: ['python-is-python3', 'python3'],
  python3: ['python3', 'python3'],
  unzip: ['unzip', 'unzip'],
  useradd: ['passwd', 'shadow'],
  wget: ['wget', 'wget'],
  xz: ['xz-utils', 'xz'],
};

/** Headers, and who brings them. */
const HEADERS: readonly (readonly [RegExp, debian: string, alpine: string])[] = [
  [/^Python\.h$/, 'python3-dev', 'python3-dev'],
  [/^libpq-fe\.h$/, 'libpq-dev', 'libpq-dev'],
  [/^openssl\//, 'libssl-dev', 'openssl-dev'],
  [/^ffi\.h$/, 'libffi-dev', 'libffi-dev'],
  [/^(stdio|stdlib|string|limits|assert|errno)\.h$/, 'libc6-dev', 'musl-dev'],
  [/^zlib\.h$/, 'zlib1g-dev', 'zlib-dev'],
  [/^libxml\//, 'libxml2-dev', 'libxml2-dev'],
  [/^mysql(?:\/|\.h)/, 'default-libmysqlclient-dev', 'mariadb-dev'],
  [/^linux\//, 'linux-libc-dev', 'linux-headers'],
  [/^jpeglib\.h$/, 'libjpeg62-turbo-dev', 'libjpeg-turbo-dev'],
  [/^sqlite3\.h$/, 'libsqlite3-dev', 'sqlite-dev'],
];

/** All of them. */
export const SAYINGS: readonly Saying[] = [
  // apt, apk, dnf: a package that is not there.
  { pattern: /E: Unable to locate package (\S+)/, explain: ([, name], base) => noPackage(name!, base) },
  {
    pattern: /E: (?:Couldn't find any package by (?:regex|glob)) '(\S+)'/,
    explain: ([, name], base) => noPackage(name!, base),
  },
  {
    pattern: /E: Package '(\S+)' has no installation candidate/,
    explain: ([, name], base) => noPackage(name!, base),
  },
  {
    pattern: /E: Version '(\S+)' for '(\S+)' was not found/,
    explain: ([, version, name]) => ({
      ...{ kind: 'package', what: `${name}=${version}` },
      text: `${name} is there, but not as version ${version}`,
      hint: 'each release has versions of its own: leave the version out, or pin the one that is there',
    }),
  },
  { pattern: /^\s+(\S+) \(no such package\):/, explain: ([, name], base) => noPackage(name!, base) },
  {
    pattern: /^(?:No match for argument: |Error: Unable to find a match: )(\S+)/,
    explain: ([, name], base) => noPackage(name!, base),
  },
  {
    pattern: /The repository '(\S+ \S+) Release' (?:does not have|no longer has) a Release file/,
    explain: ([, place]) => ({
      ...{ kind: 'release', what: place! },
      text: `the packages of ${place} are not at that server any more`,
      hint: 'a release that is no longer supported is moved to an archive: take a newer base',
    }),
  },
  // The C library.
  {
    pattern: /(\S+): version `((?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)' not found \(required by ([^)]+)\)/,
    explain: ([, , version, file], { libc }) => ({
      ...{ kind: 'libc', what: version! },
      text: `${file} needs ${version}, and ${version!.startsWith('GLIBC_') ? `the base has glibc ${libc?.version ?? 'of an older version'}` : 'the libstdc++ of the base is older'}`,
      hint: 'what was built on a newer distribution does not run on an older one: build it on this base, or take a newer one',
    }),
  },
  {
    pattern: /Error relocating (\S+): (\S+): (?:initial-exec TLS|symbol not found)/,
    explain: ([, file, symbol]) => ({
      ...{ kind: 'libc', what: symbol! },
      text: `${file} was linked with glibc (${symbol}), and the base has musl`,
      hint: 'build it on this base, link it statically, or take a base with glibc',
    }),
  },
  {
    pattern: /(?:^|\s)(\S*\/ld-linux[\w-]*\.so\.\d)\b.*(?:No such file|not found)/,
    explain: ([, file], { libc }) => ({
      ...{ kind: 'libc', what: file! },
      text: `a program linked with glibc is started by ${file}, which the base does not have${libc?.name === 'musl' ? ': it has musl' : ''}`,
      hint: 'build it on this base, link it statically, or take a base with glibc',
    }),
  },
  {
    pattern: /Error loading shared library (\S+?): No such file or directory \(needed by ([^)]+)\)/,
    explain: ([, library, file]) => noLibrary(library!, file!),
  },
  {
    pattern: /(?:^|\s)(\S+?): error while loading shared libraries: (\S+?): cannot open/,
    explain: ([, file, library]) => noLibrary(library!, file!),
  },
  {
    pattern: /(?:ImportError|OSError): (\S+\.so[\d.]*): cannot open shared object file/,
    explain: ([, library]) => noLibrary(library!, 'a Python module'),
  },
  {
    pattern: /(?:(\S+): )?(?:cannot execute: required file not found|[Ee]xec format error)$/,
    explain: ([line, file]) =>
      /format/i.test(line)
        ? {
            ...{ kind: 'architecture', what: file ?? 'a program' },
            text: `${file ?? 'a program'} is for another processor, or no program at all`,
          }
        : {
            ...{ kind: 'libc', what: file ?? 'a program' },
            text: `what starts ${file ?? 'a program'} (its interpreter or dynamic linker) is not there`,
            hint: 'it was built for another C library, or its #! names a program that is not there',
          },
  },
  // Python.
  {
    pattern: /error: externally-managed-environment/,
    explain: () => ({
      ...{ kind: 'python', what: 'externally-managed-environment' },
      text: "pip refuses to install into the distribution's Python: since Debian 12 and Alpine 3.19 that is the distribution's own",
      hint: 'install into a virtual environment (python3 -m venv /venv), or take an image of python',
    }),
  },
  {
    pattern: /(?:ERROR: Failed building wheel for |Failed to build )([\w.-]+)/,
    explain: ([, name], base) => noWheel(name!, base),
  },
  {
    pattern: /ERROR: No matching distribution found for (\S+)/,
    explain: ([, name]) => ({
      ...{ kind: 'wheel', what: name! },
      text: `pip finds nothing of ${name} that is for this Python and this platform`,
      hint: 'another version of it may be, or another version of Python: look at the versions that pip lists',
    }),
  },
  {
    pattern: /ModuleNotFoundError: No module named '(distutils|imp|asyncore|asynchat|cgi|pipes|telnetlib)'/,
    explain: ([, name]) => ({
      ...{ kind: 'python', what: name! },
      text: `the module ${name} is no longer a part of Python (${name === 'cgi' || name === 'pipes' || name === 'telnetlib' ? '3.13' : '3.12'})`,
      hint: 'take a newer version of what imports it, or an older line of Python',
    }),
  },
  {
    pattern:
      /(?:requires a different Python|Requires-Python|is not supported on this version of Python)[^\n]*/i,
    explain: ([line]) => ({ kind: 'python', what: 'version', text: line.trim().slice(0, 200) }),
  },
  // Compilers and headers.
  {
    pattern: /fatal error: ([\w./+-]+\.h(?:pp)?): No such file/,
    explain: ([, header], base) => noHeader(header!, base),
  },
  {
    pattern: /error: command '([\w/+.-]+)' failed: No such file or directory|unable to execute '([\w/+.-]+)'/,
    explain: ([, first, second], base) => noProgram(first ?? second!, base),
  },
  {
    pattern: /gyp ERR! (?:find Python|stack Error: not found: (\w+)|stack Error: Could not find any Python)/,
    explain: ([, program], base) => {
      const { hint } = noProgram(program ?? 'python3', base) ?? {};
      return {
        ...{ kind: 'compiler', what: program ?? 'python3' },
        text: `a native Node module has no build for this platform and is compiled, which needs ${program ?? 'Python'}`,
        ...(hint === undefined ? {} : { hint }),
      };
    },
  },
  {
    pattern: /(?:Error: )?pg_config executable not found/,
    explain: (_, base) => noProgram('pg_config', base),
  },
  // Shells and programs. What nobody installed stands last: something else may have failed before it.
  {
    pattern: /exec: "([^"]+)": (?:stat [^:]+: )?(?:no such file|executable file not found)/,
    explain: ([, program], base) => noProgram(program!, base),
  },
  {
    pattern:
      /^(?:useradd|adduser|addgroup|groupadd): (?:unrecognized|invalid) option(?:: | -- )?'?([\w-]*)'?/,
    explain: ([line], { distribution }) => ({
      ...{ kind: 'account', what: line.split(':')[0]! },
      text: `${line.split(':')[0]} takes other flags here`,
      hint:
        distribution?.name === 'alpine'
          ? 'busybox: adduser -D -u UID NAME, addgroup -g GID NAME; or install shadow for useradd'
          : 'useradd --uid UID --create-home NAME is there with Debian',
    }),
  },
  {
    pattern:
      /(?:^|\s)(?:\/bin\/)?(?:ba|da|a)?sh: (?:\d+: |line \d+: )?(?:exec: )?([\w./+-]+): (?:command )?not found$/,
    explain: ([, program], base) => noProgram(program!, base),
  },
  {
    pattern: /(?:^|\s)(\/[\w./+-]+|[\w.+-]+): not found$/,
    explain: ([, program], base) => noProgram(program!, base),
  },
  {
    pattern: /(?:env: |\/usr\/bin\/env: )[‘'"]?([\w./+-]+)[’'"]?: No such file or directory/,
    explain: ([, program], base) => noProgram(program!, base),
  },
  {
    // mille's own words for a program that cannot be started.
    pattern: /^'?([\w./+-]+)'? (?:is not in the image|was not found|is not there)/,
    explain: ([, program], base) => noProgram(program!, base),
  },
];

function noPackage(name: string, base: FailedBase): FailureReason {
  const hint = otherName(name, base);
  const { distribution } = base;
  const where = [distribution?.name ?? 'the distribution', distribution?.codename ?? distribution?.release];
  return {
    ...{ kind: 'package', what: name },
    text: `there is no package ${name} in ${where.filter(Boolean).join(' ')}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function noLibrary(library: string, file: string): FailureReason {
  return {
    ...{ kind: 'library', what: library },
    text: `${file} needs ${library}, which the base does not have`,
    hint: 'install the package that brings it in the last stage too',
  };
}

function noWheel(name: string, { libc }: FailedBase): FailureReason {
  const musl = libc?.name === 'musl';
  return {
    ...{ kind: 'wheel', what: name },
    text: musl
      ? `${name} has no wheel for musl (musllinux) and this Python, so pip compiled it, and that failed`
      : `${name} has no wheel for this Python and this platform, so pip compiled it, and that failed`,
    hint: musl
      ? 'install a compiler and the headers it needs, take a version with musllinux wheels, or a base with glibc'
      : 'install a compiler and the headers it needs, or take a version that has a wheel for this Python',
  };
}

function noHeader(header: string, { distribution }: FailedBase): FailureReason {
  const known = HEADERS.find(([pattern]) => pattern.test(header));
  const alpine = distribution?.name === 'alpine';
  return {
    ...{ kind: 'header', what: header },
    text: `something is compiled that needs ${header}, which is not there`,
    ...(known ? { hint: `it comes with ${alpine ? known[2] : known[1]}` } : {}),
  };
}

function noProgram(path: string, { distribution, installers, shells }: FailedBase): FailureReason {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (INSTALLERS.has(name)) {
    const others = installers.length > 0 ? `the base has ${installers.join(', ')}` : 'the base has none';
    return {
      ...{ kind: 'installer', what: name },
      text: `${name} is not there: ${others}`,
      hint:
        installers.length > 0
          ? 'packages have other names there, too'
          : 'install in a stage on a base that has it, and COPY --from it what is needed',
    };
  }
  if (SHELLS.has(name)) {
    const text =
      shells.length > 0 ? `${name} is not there: the base has ${shells.join(', ')}` : 'the base has no shell';
    const hint =
      shells.length > 0
        ? `write it for ${shells[0]}, or install ${name}`
        : 'RUN needs the exec form there, or what it does is done in another stage';
    return { kind: 'shell', what: name, text, hint };
  }
  if (path.includes('/')) {
    return {
      ...{ kind: 'program', what: path },
      text: `${path} is not there, or what starts it is not: its interpreter, its dynamic linker`,
      hint: 'a program that is there and not found was built for another C library, or its #! names what is missing',
    };
  }
  const brought = BROUGHT_BY[COMPILERS.test(name) ? 'gcc' : name];
  const at = distribution?.name === 'alpine' ? 1 : 0;
  return {
    kind: COMPILERS.test(name) ? 'compiler' : 'program',
    what: name,
    text: `${name} is not there`,
    ...(brought ? { hint: `it comes with ${brought[at]}` } : {}),
  };
}
