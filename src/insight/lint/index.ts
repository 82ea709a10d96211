// Room `insight/lint`: checks of Dockerfiles. One file a rule, which holds its detection, message, fix, documentation
// and examples; what rules look at is a Dockerfile at every depth it is understood to, as plain data. Pure: nothing is
// read, and what is not known (an image that is not there) is no reason to complain. Nothing here builds or prints.

export { addLines } from './add-lines.ts';
export { type AppliedFix, applyFixes, type FixedText, type OtherFile } from './apply-fixes.ts';
export { type CheckReport, checkBuilds, checkDockerfile } from './check.ts';
export { checkOptions } from './check-options.ts';
export { checkWords, type RuleChoice } from './choose-rules.ts';
export { removes } from './cleaned.ts';
export { appendCommand, insertFlag, madeOf } from './command-fix.ts';
export {
  boundContextPaths,
  type ContextFacts,
  type ContextFile,
  type LocalSource,
  localSources,
} from './context-facts.ts';
export { type CheckedBuild, type Inspection, type InspectRequest, inspectForLint } from './inspect.ts';
export { type LintInput, type LintReport, type LintSettings, lintDockerfile } from './lint.ts';
export { coverage, coverageTable, lintRulesPage } from './lint-pages.ts';
export * from './options.ts';
export { APK, APT, type Install, installs } from './package-installs.ts';
export { checksPage, factsOf, ignoreFileHolds } from './page.ts';
export { lineage } from './placed.ts';
export {
  costsByLine,
  rankByCost,
  type StepCost,
  withCosts,
} from './rank-findings.ts';
export type { Finding, Rule, RuleExample } from './rule.ts';
export { BUILD_RULES, LINT_RULES, RULES } from './rules/index.ts';
export {
  type Command,
  commandsOf,
  flagNames,
  hasArgument,
  hasMount,
  operands,
  type Run,
  runsOf,
  type Word,
} from './run-commands.ts';
export { type RunFacts, readRuns } from './run-facts.ts';
export { shellEdit } from './shell-fix.ts';
export * from './subject.ts';
