// Room `lang/executable`: what files that can be executed say of themselves. Scripts by their first line, ELF files by
// their heads: who interprets them, which libraries they ask for and in which versions. Pure: bytes in, names out;
// nothing is looked up. What is read is hostile: counts and lengths are bounded.

export { type ElfVersions, readElfVersions } from './elf-versions.ts';
export { EXECUTABLE_START, interpreterIn } from './interpreter.ts';
export { type ProgramFacts, readProgram } from './program-facts.ts';
