// `composer install` in two: packages are installed by what the manifests say; only the autoloader, and the scripts that
// follow it, look at the project's own sources.

import type { PlacedCommand, ShellWord } from '../../lang/shell/index.ts';
import type { BuiltInstruction, RunFacts } from '../lint/index.ts';
import type { LoweringRequest } from './lower-copies.ts';
import { needsOf } from './needs.ts';
import { CLEANING, type Division, expected, rowOf, unseen } from './split-run.ts';
import type { Subject } from './subject.ts';

/** How it is divided, and what the first of the two needs. */
export interface ComposerDivision {
  readonly division: Division;
  readonly needsOf: NonNullable<LoweringRequest['needsOf']>;
}

/** Flags of `install` with which `dump-autoload` has to be called too, by its names for them. */
const SHARED: Readonly<Record<string, string>> = {
  ...{ '--no-dev': '--no-dev', '--dev': '--dev', '--no-scripts': '--no-scripts' },
  ...{ '--optimize-autoloader': '--optimize', '-o': '--optimize', '--optimize': '--optimize' },
  ...{ '--classmap-authoritative': '--classmap-authoritative', '-a': '--classmap-authoritative' },
  ...{ '--apcu-autoloader': '--apcu', '--ignore-platform-reqs': '--ignore-platform-reqs' },
  ...{ '--no-plugins': '--no-plugins', '--no-interaction': '--no-interaction', '-n': '--no-interaction' },
  ...{ '--quiet': '--quiet', '-q': '--quiet', '--no-ansi': '--no-ansi', '--ansi': '--ansi' },
};
/** Those that are of no meaning to it. */
const OF_INSTALL =
  /^--(no-progress|prefer-dist|prefer-source|prefer-install=\S+|no-suggest|no-cache|download-only|audit|verbose|profile)$|^-v{1,3}$/;

/** Most of the time is spent on packages. */
const SHARE = 0.85;

/** What the packages may be made of, besides manifests: what the step was seen to read of it is copied along. */
const OF_PACKAGES = /(^|\/)(composer|auth)\.json$|\.(patch|diff|zip|tar|tgz|gz|bz2|phar)$/;

/** @returns undefined where there is none, it has been divided, or cannot be */
export function composerDivision(subject: Subject, built: BuiltInstruction): ComposerDivision | undefined {
  const { instruction } = built;
  const run = subject.lint.runs().find(({ at }) => at === instruction.node);
  const found = run && composerIn(run);
  if (!run || !found || instruction.node.heredocs.length > 0) return undefined;
  const { placed, verb, next, flags } = found;
  const { source, text } = run.line;
  const [start, end] = [run.spanOf(verb).end, run.spanOf(placed.command).end];
  const from = next ? run.spanOf(next).start : end;
  if (source.text.slice(start, from).includes('#')) return undefined;
  const own = run.clause.flags.map(({ span }) => source.text.slice(span.start, span.end));
  const head = `${[run.clause.keyword.text, ...own].join(' ')} `;
  const name = text.slice(placed.nameWord!.start, placed.nameWord!.end);
  const dump = [name, 'dump-autoload', ...flags].join(' ');
  const apart = placed.args.some(({ value }) => value === '--no-scripts') ? '' : ' --no-scripts';
  const more = ` --no-autoloader${apart}`;
  const first = `${text.slice(placed.command.start, verb.end)}${more}${text.slice(verb.end, placed.command.end)}`;
  const second = next ? `${dump} && ${text.slice(next.start)}` : dump;
  const step = subject.observed(instruction) ?? unseen(instruction.text, run);
  const rest = source.text.slice(start, end);
  return {
    division: {
      commands: [placed],
      edit: (between) => ({
        start,
        end: from,
        text: `${more}${rest}\n${between}${head}${dump}${next ? ' && ' : ''}`,
      }),
      expects: [expected(`${head}${first}`, step, SHARE), expected(`${head}${second}`, step, 1 - SHARE)],
      title: first,
      ...(apart === ''
        ? {}
        : {
            risk: 'scripts of post-install-cmd, where composer.json has some, do not run any more; those of post-autoload-dump do',
          }),
    },
    needsOf: (target, files, refuse) => needsOfPackages(subject, placed, { built: target, files, refuse }),
  };
}

interface FoundInstall {
  readonly placed: PlacedCommand;
  /** `install`. */
  readonly verb: ShellWord;
  /** What comes behind it in the same RUN. */
  readonly next?: { readonly start: number; readonly end: number };
  /** Of the other one. */
  readonly flags: readonly string[];
}

/** A RUN that begins with it, or consists of it. */
function composerIn(run: RunFacts): FoundInstall | undefined {
  if (run.form !== 'shell' || run.onbuild || !run.script?.exact || run.script.errors.length > 0)
    return undefined;
  const [placed, ...others] = run.commands;
  const verb = placed?.args.find(({ value }) => !value.startsWith('-'));
  if (!placed || !/^composer(\.phar)?$/.test(placed.name) || placed.via !== undefined) return undefined;
  if (!verb || !placed.nameWord || !['install', 'i'].includes(verb.value)) return undefined;
  if (placed.command.redirects.length > 0 || placed.command.assignments.length > 0) return undefined;
  const flags: string[] = [];
  for (const word of placed.args) {
    if (word === verb) continue;
    const same = SHARED[word.value] ?? (/^--ignore-platform-req=/.test(word.value) ? word.text : undefined);
    if (same !== undefined) flags.push(same);
    else if (!OF_INSTALL.test(word.value)) return undefined;
  }
  const common = { placed, verb, flags: [...new Set(flags)] };
  const [statement] = run.script.statements;
  if (others.length === 0)
    return statement?.node === placed.command && run.script.statements.length === 1 ? common : undefined;
  const row = rowOf(run);
  const [piece, next] = [row?.pieces[0]?.node, row?.pieces[1]?.node];
  if (row?.start !== 0 || piece !== placed.command || !next) return undefined;
  // What it left would be in the layer above by then.
  const rest = run.line.text.slice(next.start);
  return CLEANING.test(rest) || /\bclear-?cache\b/.test(rest) ? undefined : { ...common, next };
}

function needsOfPackages(
  subject: Subject,
  placed: PlacedCommand,
  {
    built,
    files,
    refuse,
  }: {
    readonly built: BuiltInstruction;
    readonly files: readonly string[];
    readonly refuse: ((why: string) => void) | undefined;
  },
) {
  const flag = { ...placed.nameWord!, text: '--no-autoloader', value: '--no-autoloader' };
  const commands = [{ ...placed, args: [...placed.args, flag] }];
  const known = needsOf(subject, { built, files, commands, ...(refuse ? { refuse } : {}) });
  const reads = subject.observed(built.instruction)?.reads;
  if (!known || !reads || reads.cut) return known;
  const more = files.filter((path) => reads.files.has(path) && OF_PACKAGES.test(path));
  return { ...known, files: new Set([...known.files, ...more]), watched: true };
}
