// Room `lang/dockerfile`: the Dockerfile language. Text becomes a lossless syntax tree, the tree becomes typed
// instructions grouped into stages, and words are expanded, all exactly as BuildKit reads them, each piece with its
// place in the source. Pure: no I/O, no Bun, no Node. Nothing here knows images, files or what an instruction does;
// values of variables come in as functions.

export * from './cache-policy.ts';
export * from './check-options.ts';
export * from './edit.ts';
export {
  type ExpandOptions,
  type Expansion,
  expandHeredoc,
  expandWord,
} from './expand.ts';
export { frontendNotice } from './frontend.ts';
export { detectSyntax } from './head-directive.ts';
export { chompHeredoc, parseHeredocWord } from './heredoc.ts';
export * from './instruction.ts';
export * from './json.ts';
export { type LogicalLine, sourceOffset, sourceSpan } from './logical-line.ts';
export * from './parse.ts';
export { parseTree } from './parse-tree.ts';
export { type Mount, resolveMount } from './resolve-mount.ts';
export { type RunScript, runScript } from './run-script.ts';
export type { Stage } from './stage.ts';
export * from './tree.ts';
