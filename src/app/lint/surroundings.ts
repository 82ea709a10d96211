// What lies around a Dockerfile: the directory that is its build context, the ignore file that counts, and the files in it.

import { readIgnoreRules } from '../../build/context/index.ts';
import type { SourceText } from '../../core/index.ts';
import type { LintInput } from '../../insight/lint/index.ts';
import { inspectDockerfile } from '../../lang/dockerfile/index.ts';
import { CWD, statAt, workingDirectory } from '../../sys/index.ts';
import { type ContextToRead, readContextFacts } from './context-facts.ts';
import { guessContext } from './guess-context.ts';

type Facts = ReturnType<typeof readContextFacts>;

/** Contexts that were looked at already; kept for one run, or until an editor hears of changes. */
export interface ContextMemory {
  read(context: ContextToRead): Facts;
  forget(): void;
}

/** Remembers what lies in directories, by what is left out of them. */
export function contextMemory(): ContextMemory {
  const known = new Map<string, { readonly facts: Facts }>();
  return {
    read(context) {
      const key = JSON.stringify([context.directory, context.rules?.source.text ?? null, context.ignoreFile]);
      const kept = known.get(key) ?? { facts: readContextFacts(context) };
      known.set(key, kept);
      return kept.facts;
    },
    forget: () => known.clear(),
  };
}

/** Where a Dockerfile lies. */
export interface Whereabouts {
  /** Absolute; absent for a text that is no file. */
  readonly path?: string;
  /** The context, where it was given: absolute. */
  readonly context?: string;
  /** Of its last build. */
  readonly lastContext?: () => string | undefined;
}

/** What is around a Dockerfile, for the rules that look at it. */
export function lookAround(
  source: SourceText,
  { path, context, lastContext }: Whereabouts,
  memory: Pick<ContextMemory, 'read'>,
): Pick<LintInput, 'ignore' | 'context'> {
  const beside = path?.slice(0, Math.max(1, path.lastIndexOf('/')));
  // Of a text alone nobody knows what it is to be built with.
  if (context === undefined && beside === undefined) return {};
  const copies = /^[ \t]*(?:copy|add|run|onbuild)\b/im.test(source.text);
  const given = context ?? (copies ? lastContext?.() : undefined);
  const { directory, sure } =
    given === undefined
      ? guessContext(inspectDockerfile(source).dockerfile, beside!)
      : { directory: given, sure: true };
  const rules = readIgnoreRules(directory, path === undefined ? {} : { dockerfile: path });
  const ignore = rules ? { ignore: rules } : {};
  if (!sure || !copies) return ignore;
  const facts = memory.read({ directory, rules, ignoreFile: ignoreFileOf(path, directory) });
  return { ...ignore, ...(facts ? { context: facts } : {}) };
}

/** The ignore file as people are to read it: the Dockerfile's own counts where it is there. */
function ignoreFileOf(path: string | undefined, directory: string): string {
  const own = `${path}.dockerignore`;
  const found = path !== undefined && statAt(CWD, own) ? own : `${directory}/.dockerignore`;
  const here = `${workingDirectory()}/`;
  return found.startsWith(here) ? found.slice(here.length) : found;
}
