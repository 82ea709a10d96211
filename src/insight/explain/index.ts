// Room `insight/explain`: pages for learners. Instructions, parts of them and questions about them, in English and French,
// each a text with what it claims as data beside it; the pages of rules, from the rules; what a line of somebody's own
// Dockerfile comes to. Pure: texts and data in, Markdown out.

export * from './compose.ts';
export { type Found, findPage } from './find-page.ts';
export {
  type Choice,
  composeFlagPlace,
  composeFlags,
  flagChoices,
  flagsName,
  mountChoices,
} from './flags/compose-flags.ts';
export { flagsOf } from './flags/find-flag.ts';
export { type FlagPlace, flagAt } from './flags/flag-at.ts';
export { instructionsPage } from './instructions-page.ts';
export { type LineFacts, type LineInputs, lineFacts } from './line-facts.ts';
export { composeLine, type LinePageOptions } from './line-page.ts';
export type * from './page.ts';
export { PAGES } from './pages.ts';
export { codesOf } from './rules-about.ts';
export { frenchRulesPage } from './rules-page.ts';
