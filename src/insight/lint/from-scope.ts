// What FROM lines see and come to, with the arguments of the build and without.

import { type GlobalScopeOptions, globalScope } from '../../build/graph/index.ts';
import { MilleError } from '../../core/index.ts';
import { type Dockerfile, type Expansion, expandWord, type Word } from '../../lang/dockerfile/index.ts';
import type { FromFacts, FromScope } from './subject.ts';

type Variables = ReadonlyMap<string, string>;

/** The scope of a file's FROM lines. @throws MilleError `expansion`, `platform-unsupported` */
export function fromScope(options: GlobalScopeOptions): FromScope {
  const { dockerfile, hostPlatform } = options;
  const values = globalScope(options);
  const defaults = globalScope(options, {});
  const declared = dockerfile.globalArgs.flatMap(({ args }) => args.map(({ name }) => name.text));
  return {
    values,
    names: [...new Set([...values.keys(), ...declared])],
    facts: dockerfile.stages.map(({ from }): FromFacts => {
      const base = tryExpand(from.base, values, dockerfile);
      const byDefault = tryExpand(from.base, defaults, dockerfile);
      const platform = from.platform && tryExpand(from.platform, values, dockerfile);
      return {
        from,
        ...(base ? { base } : {}),
        ...(byDefault ? { defaultBase: byDefault.text } : {}),
        ...(platform ? { platform } : {}),
      };
    }),
    hostPlatform,
  };
}

/** Before anything is known: rules about FROM then have nothing to say. */
export function emptyFromScope(options: Pick<GlobalScopeOptions, 'hostPlatform'>): FromScope {
  return { values: new Map(), names: [], facts: [], hostPlatform: options.hostPlatform };
}

function tryExpand(word: Word, variables: Variables, dockerfile: Dockerfile): Expansion | undefined {
  try {
    return expandWord(word, { lookup: (name) => variables.get(name), escape: dockerfile.escape });
  } catch (error) {
    if (error instanceof MilleError) return undefined;
    throw error;
  }
}
