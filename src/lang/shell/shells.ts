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
  const options = words.slice(1);
  const named = options.filter((_, index) => /^-[a-zA-Z]*o$/.test(options[index - 1] ?? ''));
  const letters = options.filter((word) => /^-[a-zA-Z]+$/.test(word)).join('');
  return {
    dialect,
    posix: !['powershell', 'cmd', 'other'].includes(dialect),
    pipefail: named.includes('pipefail'),
    errexit: letters.includes('e') || named.includes('errexit'),
  };
}

/** The shell that is started. `env` and the like in front do not count. */
export function shellDialect(words: readonly string[]): ShellDialect {
  let [program = ''] = words;
  if (/(^|\/)env$/.test(program)) program = words.slice(1).find((word) => !/^-|=/.test(word)) ?? '';
  const base = program.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '');
  return NAMES[base.toLowerCase()] ?? 'other';
}
