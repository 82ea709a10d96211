// Comments that hadolint reads: `# hadolint ignore=DL3008`, `# hadolint stage ignore=…`, `# hadolint global ignore=…`,
// `# hadolint shell=powershell`. What follows another `#` is for people.

import type { Dockerfile, InstructionNode } from '../../lang/dockerfile/index.ts';

/** The rules, by name or code, that comments say are not looked at for an instruction. */
export type Pragmas = (node: InstructionNode) => readonly string[];

/** Nothing is left out. */
export const NO_PRAGMAS: Pragmas = () => [];

const IGNORE = /^hadolint[ \t]+(?:(stage|global)[ \t]+)?ignore[ \t]*=[ \t]*([\w, \t]+?)[ \t]*(?:#.*)?$/;
const SHELL = /^#?[ \t]*hadolint[ \t]+shell[ \t]*=[ \t]*([^\s#]+)[ \t]*(?:#.*)?$/;

/** The shell that a comment names, as the words of SHELL. */
export function hadolintShell(comment: string): readonly string[] | undefined {
  const match = SHELL.exec(comment);
  return match?.[1] === undefined ? undefined : [match[1], '-c'];
}

/** Whether a comment leaves rules out. */
export function isIgnorePragma(comment: string): boolean {
  return IGNORE.test(comment);
}

/** Reads the comments of a file. Those for an instruction or a stage stand directly above it. */
export function readPragmas({ tree }: Dockerfile): Pragmas {
  const global: string[] = [];
  const own = new Map<InstructionNode, readonly string[]>();
  let stage: readonly string[] = [];
  let above: { readonly scope: string | undefined; readonly rules: readonly string[] }[] = [];
  const aboveOf = (scope: string | undefined) =>
    above.filter((one) => one.scope === scope).flatMap(({ rules }) => rules);
  for (const node of tree.nodes) {
    if (node.kind === 'comment') {
      const match = IGNORE.exec(node.text);
      const rules = match?.[2]?.split(',').map((rule) => rule.trim()) ?? [];
      if (match?.[1] === 'global') global.push(...rules);
      else if (match) above.push({ scope: match[1], rules });
      continue;
    }
    if (node.kind === 'instruction') {
      const isFrom = node.clause.keyword.text.toLowerCase() === 'from';
      own.set(node, [...aboveOf(undefined), ...(isFrom ? [] : stage)]);
      if (isFrom) stage = aboveOf('stage');
    }
    above = [];
  }
  if (global.length === 0 && [...own.values()].every(({ length }) => length === 0)) return NO_PRAGMAS;
  return (node) => [...global, ...(own.get(node) ?? [])];
}
