// Holds the walls between rooms, as rooms.json draws them. An import between rooms must be listed there
// (`import type` included) and go through the other room's door, `index.ts`; only `sys` knows Bun and Node;
// every room has a header; no file grows beyond the limit. dependency-cruiser, which does such things, needs
// the compiler API of TypeScript 5 and we are on 7, so this is ours.
//
// rooms.json, per room: `imports`, the rooms it may use ('*': all floors below the fronts); `types`, rooms of
// which it may import types only; `pure`, that it is compiled without Bun's and Node's types; `host`, that it may
// use `process` (arguments, standard streams, exit status) although it isn't `sys`.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** What rooms.json says of one room. */
export interface RoomSpec {
  readonly imports: readonly string[];
  readonly types?: readonly string[];
  readonly pure?: boolean;
  readonly host?: boolean;
}

export type Rooms = Readonly<Record<string, RoomSpec>>;

interface Import {
  readonly from: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

const LINE_LIMIT = 500;
const HOST_GLOBALS =
  /\bprocess\.(?:env|argv|std(?:in|out|err)|exit|exitCode|on|once|off|kill|pid|cwd|chdir)\b/;
/** `import a = require(…)` is the language's own, and an import like others. */
const BUN_GLOBALS = /\bBun\.[a-zA-Z$]|(?<!^import \w+ = )\brequire\(/;
const STATEMENT =
  /^(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\bfrom\s+|\w+ = require\()?['"]([^'"\n]+)['"]/gm;
const CALL = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** The imports of a source text that Biome has formatted, static, dynamic and re-exports. */
export function importsOf(text: string): Import[] {
  const lineOf = (index: number) => text.slice(0, index).split('\n').length;
  const found: Import[] = [];
  for (const match of text.matchAll(STATEMENT)) {
    found.push({ from: match[2]!, line: lineOf(match.index), typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(CALL)) {
    found.push({ from: match[1]!, line: lineOf(match.index), typeOnly: false });
  }
  return found;
}

/** Whether `room` may import `target`; '*' stands for everything below `app` and the fronts. */
function listed(names: readonly string[] | undefined, target: string): boolean {
  if (!names) return false;
  const below = target !== 'app' && target !== 'testkit' && !target.startsWith('front/');
  return names.includes(target) || (names.includes('*') && below);
}

function roomOf(path: string, rooms: Rooms): string | undefined {
  const holds = (room: string) => path.startsWith(`src/${room}/`);
  return Object.keys(rooms)
    .filter(holds)
    .sort((a, b) => b.length - a.length)[0];
}

/** What is wrong with one source file: one sentence each, with its place. `path` is relative to the checkout. */
export function checkFile(path: string, text: string, rooms: Rooms): string[] {
  const room = roomOf(path, rooms);
  if (room === undefined) return [`${path}: lies in no room of rooms.json`];
  const spec = rooms[room]!;
  const isTest = /\.test\.tsx?$/.test(path);
  const problems: string[] = [];
  const lines = text.split('\n');
  const generated = /^\/\/ Generated\b/.test(text);
  if (lines.length - 1 > LINE_LIMIT && !generated) {
    problems.push(`${path}: ${lines.length - 1} lines; the limit is ${LINE_LIMIT}: split it by subject`);
  }
  if (!isTest && room !== 'sys' && room !== 'testkit') {
    lines.forEach((line, i) => {
      const code = line.replace(/(?:^|\s)\/\/.*$/, '').replace(/^\s*\*.*$/, '');
      if (BUN_GLOBALS.test(code) || (HOST_GLOBALS.test(code) && !spec.host)) {
        problems.push(`${path}:${i + 1}: only sys may touch Bun or Node: ${code.trim()}`);
      }
    });
  }
  for (const { from, line, typeOnly } of importsOf(text)) {
    const problem = checkImport({ path, room, isTest, from, typeOnly }, rooms);
    if (problem) problems.push(`${path}:${line}: ${problem}`);
  }
  return problems;
}

interface Crossing {
  readonly path: string;
  readonly room: string;
  readonly isTest: boolean;
  readonly from: string;
  readonly typeOnly: boolean;
}

function checkImport({ path, room, isTest, from, typeOnly }: Crossing, rooms: Rooms): string | undefined {
  if (/^(?:node:|bun$|bun:)/.test(from)) {
    return room === 'sys' || room === 'testkit' || isTest
      ? undefined
      : `'${from}': only sys imports Bun or Node modules`;
  }
  if (!from.startsWith('.')) return undefined;
  const target = normalize(join(dirname(path), from));
  const targetRoom = roomOf(target, rooms);
  if (targetRoom === room) return undefined;
  if (targetRoom === undefined) {
    // JSON and scripts beside src are data; only tests and the fronts' version number need them.
    return isTest || target === 'package.json' ? undefined : `'${from}' leads out of src`;
  }
  if (isTest && targetRoom === 'testkit') return undefined;
  if (target !== `src/${targetRoom}/index.ts`) {
    return `'${from}' goes past the door of ${targetRoom}; import ${targetRoom}/index.ts`;
  }
  if (isTest) return undefined;
  const spec = rooms[room]!;
  if (listed(spec.imports, targetRoom) || (typeOnly && listed(spec.types, targetRoom))) return undefined;
  const kind = listed(spec.types, targetRoom) ? 'only types of ' : '';
  return kind
    ? `${room} may import ${kind}${targetRoom}: write 'import type'`
    : `${room} → ${targetRoom} is not allowed by rooms.json ('${from}')`;
}

/** A cycle among the rooms, as a path, if rooms.json has one. */
export function findCycle(rooms: Rooms): readonly string[] | undefined {
  const names = Object.keys(rooms);
  const done = new Set<string>();
  const visit = (room: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(room)) return [...path.slice(path.indexOf(room)), room];
    if (done.has(room)) return undefined;
    for (const next of names.filter((name) => name !== room && listed(rooms[room]!.imports, name))) {
      const cycle = visit(next, [...path, room]);
      if (cycle) return cycle;
    }
    done.add(room);
    return undefined;
  };
  for (const room of names) {
    const cycle = visit(room, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Everything wrong with the rooms of a checkout. */
export function checkRooms(root: string): string[] {
  const rooms = JSON.parse(readFileSync(join(root, 'rooms.json'), 'utf8')) as Rooms;
  const problems: string[] = [];
  const cycle = findCycle(rooms);
  if (cycle) problems.push(`rooms.json: a cycle: ${cycle.join(' → ')}`);
  for (const [room, spec] of Object.entries(rooms)) {
    for (const name of [...spec.imports, ...(spec.types ?? [])]) {
      if (name !== '*' && !(name in rooms)) problems.push(`rooms.json: ${room} lists unknown room ${name}`);
    }
    const door = join('src', room, 'index.ts');
    if (!existsSync(join(root, door))) problems.push(`${door}: missing, but rooms.json lists the room`);
    else if (!readFileSync(join(root, door), 'utf8').startsWith('//')) {
      problems.push(`${door}: has no header that says what the room is for`);
    }
  }
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || entry.parentPath.includes('testdata')) continue;
    const path = join(entry.parentPath, entry.name).slice(root.length + 1);
    problems.push(...checkFile(path, readFileSync(join(root, path), 'utf8'), rooms));
  }
  return problems.sort();
}

if (import.meta.main) {
  const problems = checkRooms(dirname(import.meta.dir));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
  console.log('rooms: every import goes through a listed door');
}
