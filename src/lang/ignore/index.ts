// Room `lang/ignore`: the `.dockerignore` language and its matcher, with the semantics of BuildKit's context
// transfer, and the wildcards of COPY and ADD. Pure: texts and paths in, decisions out; it never sees a file system.

export type { Glob } from './glob.ts';
export { compilePattern, hasWildcard, matchPattern } from './match-pattern.ts';
export * from './matcher.ts';
export * from './parse-ignore.ts';
