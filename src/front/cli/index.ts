// Room `front/cli`: words of a command line → options → `app` → text of `report` → exit status. One file a
// command, from whose spec the parser, the help and the manual pages work. Nothing is decided here that a program
// using `app` would want as well. It may touch the process's arguments, streams and signals (rooms.json: `host`).

export { loadAll } from './catalogue.ts';
export { commandIndex, commandPage, pageName } from './markdown.ts';
export type { Command } from './spec.ts';
