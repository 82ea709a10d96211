// Room `lang/shell`: what stands in the shell form of RUN, as the shell reads it: commands with their words, pipes,
// lists, what is nested in them, and every piece with its place in the script's text. Pure: nothing is run, no file is
// looked at, and what a variable holds is not known. The parser is the library `unbash`; none of its types leave here.

export { type CommandFlag, type CommandFlags, flagsOf, operandsOf } from './arguments.ts';
export { type CommandPlace, type Enclosure, listCommands, type PlacedCommand } from './commands.ts';
export {
  appendToList,
  insertAfter,
  type Replacement,
  removeCommand,
  replaceWord,
} from './edit.ts';
export { parseScript } from './parse-script.ts';
export { type ShellDialect, type ShellOptions, shellOptions } from './shells.ts';
export * from './tree.ts';
export { type PlacedWord, variablesOf, visitNodes, visitWords, type WordRole } from './walk.ts';
