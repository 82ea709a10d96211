// Caches that a RUN fills and empties again: `npm ci && npm cache clean --force`. By the layer there is none; by the words
// there is, and where it lies is known of the program.

import type { TextEdit } from '../../../core/index.ts';
import { type BuiltInstruction, type Command, hasArgument, operands, type Run } from '../../lint/index.ts';
import { removeFromRun } from '../remove-from-run.ts';
import type { Subject } from '../subject.ts';
import { isUsualPlace, variablesOf } from '../usual-places.ts';
import type { Kept } from './kept-caches.ts';

/** One of them. */
export interface EmptiedCache {
  /** Without slashes at its ends. */
  readonly directory: string;
  /** Take the commands away that empty it, or what of them does. */
  readonly edits: readonly TextEdit[];
  /** Those that are taken away, or changed. */
  readonly commands: readonly Command[];
}

/** What a RUN empties of a cache; undefined where it does not, or something hangs on that. */
export function emptiedCache(
  subject: Subject,
  { built, run, kept }: { readonly built: BuiltInstruction; readonly run: Run; readonly kept: Kept },
): EmptiedCache | undefined {
  const { emptied } = kept;
  if (!emptied) return undefined;
  const { config } = built.before;
  const directory = emptied.directory(variablesOf(config));
  if (!isUsualPlace(config, { directories: [directory], unless: emptied.unless })) return undefined;
  if (!/^[\w@%+.-]+(\/[\w@%+.-]+)+$/.test(directory)) return undefined;
  const edits: TextEdit[] = [];
  const commands: Command[] = [];
  for (const command of run.commands) {
    const rest = restOf(command, { kept, directory });
    if (rest === undefined) continue;
    const one = removeFromRun(subject, run, command, rest === '' ? undefined : rest);
    if (!one) return undefined;
    edits.push(...one);
    commands.push(command);
  }
  return commands.length === 0 ? undefined : { directory, edits, commands };
}

/** What is left of a command that empties it: '' for nothing; undefined for one that does something else. */
function restOf(
  command: Command,
  { kept, directory }: { readonly kept: Kept; readonly directory: string },
): string | undefined {
  const words = operands(command).map(({ text }) => text);
  if (command.name === 'rm') {
    const others = command.args.filter(({ text }) => !isCache(text, directory));
    if (others.length === command.args.length) return undefined;
    const rest = others.filter(({ text }) => !text.startsWith('-'));
    return rest.length === 0
      ? ''
      : [command.word, ...others]
          .map(({ shell, run }) => run.facts.line.text.slice(shell.start, shell.end))
          .join(' ');
  }
  if (!kept.programs.test(command.name)) return undefined;
  if (command.name === 'go') return goCleans(command, directory);
  const of = command.name.startsWith('python') && words[0] === 'pip' ? words.slice(1) : words;
  return kept.emptied?.by?.test(of.join(' ')) === true ? '' : undefined;
}

/** `go clean -cache -modcache` empties both: each is a cache of its own. */
function goCleans({ args, word }: Command, directory: string): string | undefined {
  const own = directory.endsWith('go-build') ? /^--?(cache|testcache|fuzzcache)$/ : /^--?modcache$/;
  if (args[0]?.text !== 'clean' || !args.some(({ text }) => own.test(text))) return undefined;
  const others = args.filter(({ text }) => !own.test(text)).map(({ text }) => text);
  return others.length === 1 ? '' : [word.text, ...others].join(' ');
}

/** The directory, all that is in it, a part of it that is the most of it, or a hidden one above it. */
function isCache(text: string, directory: string): boolean {
  const path = text
    .replace(/^["']|["']$/g, '')
    .replace(/^(~|\$HOME|\$\{HOME\})(?=\/)/, '/root')
    .replace(/\/+\*?$/, '')
    .replace(/^\/+/, '');
  if (path === directory || path === `${directory}/_cacache`) return true;
  return /(^|\/)\.[^/]+$/.test(path) && directory.startsWith(`${path}/`);
}

/** Whether a command empties some cache: with a mount there it would begin empty each time all the same. */
export function isRemoval(command: Command): boolean {
  const { name, args } = command;
  const words = args.map(({ text }) => text);
  if (name === 'rm')
    return words.some((one) =>
      /(\.cache|\.m2|\.gradle|\.npm|registry|go-build)|^(\/root|~|\$HOME)\/\.?[*?]|\.\w*[*?]/.test(one),
    );
  if (name === 'go')
    return hasArgument(command, 'clean') && words.some((one) => /^-{1,2}(mod|fuzz|test)?cache$/.test(one));
  return /(^| )(cache (clean|purge|clear|remove|prune)|clear-?cache|cc|dependency:purge-local-repository)( |$)/.test(
    words.join(' '),
  );
}
