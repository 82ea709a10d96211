// Deciding about paths. A walker goes from directory to directory and carries, for each, which rules matched it:
// what matches a directory matches all below it. The order of evaluation is that of BuildKit's context transfer,
// whose result differs from a rule-by-rule check of all parents when a rule was passed over for a parent.

import { parentPath } from '../../core/index.ts';
import type { IgnoreRule, IgnoreRules } from './parse-ignore.ts';

/** Which rules a directory matched, by their index. Opaque: it comes from a matcher and goes back to it. */
export type DirectoryState = Uint8Array;

/** Whether a path is ignored, and the rule that decided; no rule means that none applies. */
export interface IgnoreDecision {
  readonly ignored: boolean;
  readonly rule?: IgnoreRule;
}

/** Decides about paths, which are clean and relative to the context. The root itself ('') is never ignored. */
export interface IgnoreMatcher {
  /** The state of the context's root. */
  readonly root: DirectoryState;
  /** Decides about a path whose directory has the state `parent`. */
  readonly decide: (parent: DirectoryState, path: string) => IgnoreDecision;
  /** The same for a directory, with the state to be used for what is in it. */
  readonly enter: (
    parent: DirectoryState,
    path: string,
  ) => IgnoreDecision & { readonly state: DirectoryState };
  /** Decides about any path on its own. */
  readonly isIgnored: (path: string) => boolean;
  /** The rule that decides about a path, if any. */
  readonly decidingRule: (path: string) => IgnoreRule | undefined;
  /**
   * Whether something below an ignored directory may be taken back in by a `!` rule, so that a walker has to look.
   * May say true for nothing; never says false wrongly.
   */
  readonly mayContainIncluded: (directory: string) => boolean;
}

/** Makes the matcher of an ignore file's rules. */
export function createIgnoreMatcher({ rules }: IgnoreRules): IgnoreMatcher {
  const root: DirectoryState = new Uint8Array(rules.length);
  const negated = rules.filter((rule) => rule.negated);
  const states = new Map<string, IgnoreDecision & { readonly state: DirectoryState }>();
  const rootDecision = { ignored: false, state: root };

  const evaluate = (parent: DirectoryState, path: string, state?: DirectoryState): IgnoreDecision => {
    let decided: IgnoreRule | undefined;
    let ignored = false;
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i] as IgnoreRule;
      // A rule that would not change the verdict is passed over, and then not carried to what is below.
      if (!parent[i] && (rule.negated !== ignored || !rule.glob.matches(path))) continue;
      if (state) state[i] = 1;
      if (ignored === rule.negated) decided = rule;
      ignored = !rule.negated;
    }
    return decided ? { ignored, rule: decided } : { ignored };
  };

  const enter: IgnoreMatcher['enter'] = (parent, path) => {
    const state = new Uint8Array(rules.length);
    return { ...evaluate(parent, path, state), state };
  };

  /** The decision about a directory and its state, remembered; directories are few beside files. */
  const directory = (path: string): IgnoreDecision & { readonly state: DirectoryState } => {
    if (path === '') return rootDecision;
    const known = states.get(path);
    if (known) return known;
    const made = enter(directory(parentPath(path)).state, path);
    states.set(path, made);
    return made;
  };

  const decideAlone = (path: string): IgnoreDecision =>
    path === '' ? rootDecision : evaluate(directory(parentPath(path)).state, path);

  return {
    root,
    decide: (parent, path) => evaluate(parent, path),
    enter,
    isIgnored: (path) => decideAlone(path).ignored,
    decidingRule: (path) => decideAlone(path).rule,
    mayContainIncluded: (path) => {
      const below = path === '' ? '' : `${path}/`;
      return negated.some((rule) => rule.glob.mayContinue(below));
    },
  };
}
