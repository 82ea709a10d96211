// Which shell a command line such as that of SHELL starts, and with what.

/** Shells whose language is that of `sh` or near it, and those whose is not. */
export type ShellDialect = 'sh' | 'bash' | 'dash' | 'ash' | 'ksh' | 'zsh' | 'powershell' | 'cmd' | 'other';

/** A shell and its options. */
export interface ShellOptions {
  readonly dialect: ShellDialect;
  /** A script for it can be read as one of `sh`. */
  readonly posix: boolean;
  /** A pipe fails with any of its commands. */
  readonly pipefail: boolean;
  /** It ends at the first command that fails. */
  readonly errexit: boolean;
}

const NAMES: Readonly<Record<string, ShellDialect>> = {
  sh: 'sh',
  bash: 'bash',
  rbash: 'bash',
  dash: 'dash',
  ash: 'ash',
  busybox: 'ash',
  ksh: 'ksh',
  mksh: 'ksh',
  ksh93: 'ksh',
  zsh: 'zsh',
  powershell: 'powershell',
  pwsh: 'powershell',
  cmd: 'cmd',
};

/** Reads the words of SHELL. */
export function shellOptions(words: readonly string[]): ShellOptions {
  const dialect = shellDialect(words);
  const options = words.slice(Math.max(1, launchedAt(words) + 1));
  const named = options.filter((_, index) => /^-[a-zA-Z]*o$/.test(options[index - 1] ?? ''));
  const letters = options.filter((word) => /^-[a-zA-Z]+$/.test(word)).join('');
  return {
    dialect,
    posix: !['powershell', 'cmd', 'other'].includes(dialect),
    pipefail: named.includes('pipefail'),
    errexit: letters.includes('e') || named.includes('errexit'),
  };
}

/** The shell that is started. `env`, `conda run -n NAME` and the like in front do not count. */
export function shellDialect(words: readonly string[]): ShellDialect {
  let [program = ''] = words;
  if (/(^|\/)env$/.test(program)) program = words.slice(1).find((word) => !/^-|=/.test(word)) ?? '';
  return named(program) ?? named(words[launchedAt(words)] ?? '') ?? 'other';
}

function named(program: string): ShellDialect | undefined {
  const base = program.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '');
  return Object.hasOwn(NAMES, base.toLowerCase()) ? NAMES[base.toLowerCase()] : undefined;
}

/** Where a shell stands that another program starts, its command behind `-c` at the end; -1 where there is none. */
function launchedAt(words: readonly string[]): number {
  if (named(words[0] ?? '') !== undefined || !/^-[a-zA-Z]*c$/.test(words.at(-1) ?? '')) return -1;
  return words.findLastIndex((word, index) => index > 0 && named(word) !== undefined);
}
