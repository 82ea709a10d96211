// Whether a command starts what is there for development only: by its words, and by those of the scripts that it runs.

import type { NodeProject } from './project.ts';

/** Scripts of a project that an install of its packages runs. */
const OF_AN_INSTALL = [
  ...['preinstall', 'install', 'postinstall', 'prepublish'],
  ...['preprepare', 'prepare', 'postprepare'],
];
/** They are in the base too, whoever else brings them. */
const IN_THE_BASE = /^(node|npm|npx|corepack)$/;
/** Scripts that call one another, at most. */
const DEEPEST = 8;

/** What a command line needs: the script in which it stands, where it is one, and the word. */
export interface Needed {
  readonly script?: string;
  readonly word: string;
}

/** The first word of a command that needs a development dependency; undefined where none does, as far as words say. */
export function developmentIn(line: string, project: NodeProject): Needed | undefined {
  return search(line, project, DEEPEST);
}

/** The same for the scripts that an install runs. */
export function developmentInInstall(project: NodeProject): Needed | undefined {
  for (const script of OF_AN_INSTALL) {
    const found = inScript(script, project, DEEPEST);
    if (found) return found;
  }
  return undefined;
}

/** All words of a command, and of the scripts that it runs. */
export function wordsOf(line: string, project: NodeProject, depth = DEEPEST): ReadonlySet<string> {
  const words = split(line);
  const found = new Set(words);
  if (depth === 0) return found;
  for (const script of scriptsIn(words, project))
    for (const word of wordsOf(project.scripts[script] ?? '', project, depth - 1)) found.add(word);
  // What npm starts where nothing says what.
  if (words.includes('start') && !Object.hasOwn(project.scripts, 'start')) found.add('server.js');
  return found;
}

function split(line: string): readonly string[] {
  return line.split(/[\s;&|()'"`<>=]+/).filter((word) => word !== '');
}

function search(line: string, project: NodeProject, depth: number): Needed | undefined {
  const words = split(line);
  const word = words.find((one) => project.names.has(nameOf(one)) && !IN_THE_BASE.test(one));
  if (word !== undefined) return { word: nameOf(word) };
  if (depth === 0) return undefined;
  for (const script of scriptsIn(words, project))
    for (const one of [`pre${script}`, script, `post${script}`]) {
      const found = inScript(one, project, depth - 1);
      if (found) return found;
    }
  return undefined;
}

function inScript(name: string, project: NodeProject, depth: number): Needed | undefined {
  const text = Object.hasOwn(project.scripts, name) ? project.scripts[name] : undefined;
  const found = text === undefined ? undefined : search(text, project, depth);
  return found && { script: name, ...found };
}

/** A program by its path or name, a module by that and a file of it: `node_modules/.bin/tsc`, `ts-node/register`, `jest@29`. */
export function nameOf(word: string): string {
  const [, module = word] = /(?:^|\/)node_modules\/(?!.*\/node_modules\/)(?:\.bin\/)?(.+)$/.exec(word) ?? [];
  const [name = ''] = /^(@[^/@]+\/)?[^/@]+/.exec(module) ?? [];
  return name;
}

/** Scripts by what runs them: `npm start`, `npm run build`, `yarn build`. */
function scriptsIn(words: readonly string[], { scripts }: NodeProject): readonly string[] {
  const runner = words.findIndex((word) =>
    /^(npm|yarn|pnpm|bun|npm-run-all|run-[sp]|concurrently|node)$/.test(word),
  );
  return runner === -1 ? [] : words.slice(runner + 1).filter((word) => Object.hasOwn(scripts, word));
}
