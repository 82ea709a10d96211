// `mille lint`.

import { version } from '../../../../package.json' with { type: 'json' };
import type { FixedFile, LintRequest } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { BUILD_FLAGS } from '../build-flags.ts';
import { hasColor } from '../color.ts';
import { buildArguments } from '../environment.ts';
import { failedStatus, fixDiff, fixLines, lintStatus, outputOf, printFindings } from '../lint-outcome.ts';
import { chooseLint, type LintChoice, RULE_FLAGS } from '../lint-settings.ts';
import { localeLanguage } from '../locale.ts';
import { command, type FlagValues, type Host, type Input } from '../spec.ts';

const flags = {
  ...RULE_FLAGS,
  'build-arg': BUILD_FLAGS['build-arg'],
  context: {
    kind: 'string',
    value: 'DIRECTORY',
    help: 'the build context; if not given, that of the last build, or the directory in which what is copied lies',
  },
  diff: { kind: 'boolean', help: 'show what --fix would change, and change nothing' },
  file: {
    kind: 'string',
    short: 'f',
    value: 'PATH',
    help: 'the Dockerfile, as for build; the argument is then the build context',
  },
  'file-path-in-report': { kind: 'string', value: 'PATH', help: 'the path that findings are said to be in' },
  fix: {
    kind: 'choice',
    choices: ['safe', 'all'],
    bare: 'safe',
    help: 'make the fixes after which the image does what it did; all makes the others too, and shows the difference first',
  },
  format: {
    kind: 'string',
    value: 'FORM',
    help: 'how findings are written: tty, for people, if not given; json, sarif, github, checkstyle, junit, gnu, codeclimate, gitlab_codeclimate, codacy or sonarqube for programs',
  },
  lang: { kind: 'choice', choices: ['en', 'fr'], help: 'with --lsp: the language of explanations' },
  lsp: { kind: 'boolean', help: 'be a language server for editors, on standard input and output' },
  'no-color': { kind: 'boolean', help: 'no colours' },
  platform: {
    kind: 'string',
    value: 'PLATFORM',
    help: 'the platform to build for; that of this machine if not given',
  },
  rank: {
    kind: 'choice',
    choices: ['cost', 'file'],
    help: 'which findings come first: those about what cost most when it was last built (for people, if not given), or those of the first lines (for programs)',
  },
  stdio: { kind: 'boolean', help: 'with --lsp: what it does anyway; some editors say so' },
  target: BUILD_FLAGS.target,
  yes: { kind: 'boolean', short: 'y', help: "don't ask before --fix=all writes" },
} as const;

type Flags = FlagValues<typeof flags>;

export const lint = command({
  name: 'lint',
  summary: 'Show what could be better in Dockerfiles, and fix it',
  usage: '[FLAGS] [FILE | DIRECTORY | -]...',
  description: [
    "Looks at Dockerfiles with BuildKit's checks, the rules of hadolint and those of ShellCheck that matter in RUN, and with some that know the build context. Without an argument ./Dockerfile is looked at; in a directory, and below it, all files named Dockerfile, Dockerfile.NAME or NAME.Dockerfile are; '-' is standard input. Nothing is built, and no image is fetched: of base images that are in the store the config is known.",
    'The status is 39 where something is found of the severity of --failure-threshold or above, and 0 otherwise. Rules, configuration, comments and forms of output: lint.md; each rule: lint-rules.md.',
  ],
  flags,
  arguments: { least: 0, most: 100_000 },
  examples: [
    { text: 'the Dockerfile of this directory', command: 'mille lint' },
    { text: 'all Dockerfiles of a project, and fixed where that is safe', command: 'mille lint --fix .' },
    { text: 'what would be changed', command: 'mille lint --fix=all --diff' },
    { text: 'for an editor: docs/editor.md', command: 'mille lint --lsp' },
    { text: 'in place of hadolint', command: 'mille lint --compat hadolint Dockerfile' },
    { text: 'for code scanning', command: 'mille lint --format sarif .' },
  ],
  run: runLint,
});

async function runLint({ flags: given, args }: Input<typeof flags>, host: Host): Promise<number> {
  const choice = await chooseLint(given, host);
  if (given.lsp) return await serveEditor(given, args, { choice, host });
  if (given.stdio || given.lang !== undefined) {
    throw new MilleError('usage', `${given.stdio ? '--stdio' : '--lang'} is for --lsp`, {
      hint: "'mille lint --lsp' is a language server",
    });
  }
  for (const warning of choice.warnings) host.err(`warning: ${warning}\n`);
  const output = outputOf(given, { ...choice, noColor: choice.noColor || given['no-color'] }, host);
  const forPeople = output.format === 'tty' && !choice.settings.hadolint;
  const rank = given.rank ?? (forPeople ? 'cost' : 'file');
  const request = { ...requestOf(given, args, { choice, host }), rank };
  if (given.fix !== undefined || given.diff) return await runFix(given, { request, choice, output, host });
  const files = await (await host.app()).lint(request);
  printFindings(files, output, choice, host);
  return lintStatus(files, output, choice);
}

function requestOf(
  given: Flags,
  args: readonly string[],
  { choice, host }: { readonly choice: LintChoice; readonly host: Host },
): LintRequest {
  const { file, target, platform } = given;
  if (file !== undefined && args.length > 1) {
    throw new MilleError('usage', 'with -f there is one argument at most: the build context', {
      hint: 'give several Dockerfiles as arguments, without -f',
    });
  }
  const context = given.context ?? (file === undefined ? undefined : args[0]);
  const files = file !== undefined ? [file] : args.length > 0 ? args : ['Dockerfile'];
  return {
    files,
    ...(context === undefined ? {} : { context }),
    buildArgs: buildArguments(given['build-arg'], host.env),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    settings: choice.settings,
  };
}

/** Serves an editor; ends with it. */
async function serveEditor(
  given: Flags,
  args: readonly string[],
  { choice, host }: { readonly choice: LintChoice; readonly host: Host },
): Promise<never> {
  if (args.length > 0) {
    throw new MilleError('usage', '--lsp takes no files: the editor names them', {
      hint: '--context DIRECTORY says which directory is the build context',
    });
  }
  if (host.terminal.stdin && host.terminal.stdout) {
    throw new MilleError('usage', '--lsp speaks with an editor, and there is a terminal', {
      hint: 'an editor starts it; docs/editor.md says how',
    });
  }
  const { serve } = await import('../../lsp/index.ts');
  return await serve({
    app: await host.app(),
    version,
    request: {
      settings: choice.settings,
      buildArgs: buildArguments(given['build-arg'], host.env),
      ...(given.context === undefined ? {} : { context: given.context }),
    },
    language: given.lang ?? (localeLanguage(host.env) === 'fr' ? 'fr' : undefined),
  });
}

interface Fixing {
  readonly request: LintRequest;
  readonly choice: LintChoice;
  readonly output: ReturnType<typeof outputOf>;
  readonly host: Host;
}

async function runFix(given: Flags, { request, choice, output, host }: Fixing): Promise<number> {
  const which = given.fix ?? 'safe';
  const color = hasColor(host, given.diff ? 'stdout' : 'stderr') && !choice.noColor;
  const confirm = (fixed: FixedFile): boolean => {
    if (given.diff) return false;
    if (which === 'safe') return true;
    host.err(fixDiff(fixed, color));
    return given.yes || isWanted(fixed, host);
  };
  const { files, fixed } = await (await host.app()).fixLint({ ...request, which, confirm });
  if (given.diff) {
    for (const one of fixed) host.out(fixDiff(one, color));
    return fixed.length === 0 || choice.noFail ? 0 : failedStatus(choice);
  }
  for (const one of fixed)
    if (one.written)
      host.err(
        fixLines(
          one,
          files.some(({ name }) => name === one.name),
        ),
      );
  printFindings(files, output, choice, host);
  return lintStatus(files, output, choice);
}

/** Asks where somebody can answer; a script that says `--fix=all` means it. */
function isWanted({ name }: FixedFile, host: Host): boolean {
  if (!host.terminal.stdin || !host.terminal.stderr) return true;
  host.err(`Write this to ${name}? [y/N] `);
  const answer = host.readLine();
  if (answer === undefined) host.err('\n');
  return /^y(?:es)?$/i.test(answer?.trim() ?? '');
}
