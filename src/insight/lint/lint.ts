// `mille lint`: all rules over a Dockerfile, what comments and choices leave out, left out.

import { type Diagnostic, MilleError, type SourceText } from '../../core/index.ts';
import type { CheckOptions } from '../../lang/dockerfile/index.ts';
import { checkOptions, optionsUnder } from './check-options.ts';
import {
  type Asked,
  chosenSeverity,
  isMeant,
  isSelected,
  isWanted,
  type RuleChoice,
  withoutTwins,
} from './choose-rules.ts';
import type { ContextFacts } from './context-facts.ts';
import { HADOLINT_CODES } from './hadolint-codes.ts';
import { type InspectRequest, inspectForLint } from './inspect.ts';
import type { LintOptions } from './options.ts';
import { NO_PRAGMAS, type Pragmas, readPragmas } from './pragmas.ts';
import type { Finding, Rule } from './rule.ts';
import { RULES } from './rules/index.ts';
import { readRuns } from './run-facts.ts';
import { diagnosticOf, inOrder } from './run-rules.ts';
import type { LintSubject } from './subject.ts';

/** How to look. */
export interface LintSettings extends RuleChoice {
  readonly options: LintOptions;
  /** Whether comments for hadolint count. */
  readonly pragmas: boolean;
  /** Only what hadolint has too, with its severities. */
  readonly hadolint: boolean;
}

/** What was found. */
export interface LintReport {
  /** In the order of the file; what would make a build fail is the last of them. */
  readonly diagnostics: readonly Diagnostic[];
  /** An error that has no place in the file. */
  readonly error?: MilleError;
  /** References of images that are not there: what depends on them was left out. */
  readonly missingImages: readonly string[];
  /** What was looked at. */
  readonly subject: LintSubject;
}

/** What to look at. */
export interface LintInput extends Omit<InspectRequest, 'lint'> {
  /** What lies in the context, where somebody has looked. */
  readonly context?: ContextFacts;
}

/** Looks at a Dockerfile. Never throws for what is wrong with it. */
export function lintDockerfile({ context, ...request }: LintInput, settings: LintSettings): LintReport {
  const lint = { options: settings.options, readRuns, ...(context ? { context } : {}) };
  const { subject, error, missingImages } = inspectForLint({ ...request, lint });
  let options: CheckOptions;
  try {
    options = checkOptions(subject.dockerfile, request.options.buildArgs);
  } catch (malformed) {
    if (!(malformed instanceof MilleError)) throw malformed;
    return { ...split([], malformed, request.source), missingImages, subject };
  }
  const all = runLintRules(RULES, subject, { ...settings, options });
  const found = settings.hadolint ? oncePerLine(all) : all;
  const wrong = error && isToSay(error, found, { subject, settings }) ? error : undefined;
  return { ...split(found, wrong, request.source), missingImages, subject };
}

/** What some rules find that are looked at. */
export function runLintRules(
  rules: readonly Rule[],
  subject: LintSubject,
  settings: Omit<LintSettings, 'options'> & { readonly options: CheckOptions },
): readonly Diagnostic[] {
  const heed = settings.pragmas ? readPragmas(subject.dockerfile) : NO_PRAGMAS;
  const within = { ...settings, heed };
  const asked = withoutTwins(rules, settings).filter(
    (rule) =>
      isSelected(rule, settings) ||
      // A comment anywhere may turn an experimental rule on.
      (rule.experimental && settings.select.length === 0),
  );
  const found = asked.flatMap((rule) =>
    rule
      .check(subject)
      .filter((finding) => isLeft(rule, finding, within))
      .flatMap((finding) => withSeverity(rule, finding, settings)),
  );
  return inOrder(found);
}

/** Whether a finding is left when everything was left out that is to be. */
function isLeft(
  rule: Rule,
  finding: Finding,
  settings: Asked & { readonly options: CheckOptions; readonly heed: Pragmas },
): boolean {
  const codes = finding.codes ?? rule.codes;
  const named = { name: rule.name, ...(codes ? { codes } : {}) };
  const { skip, skipAll, experimental, experimentalAll } = optionsUnder(
    settings.options,
    finding.at.comments,
  );
  if (skipAll || skip.some((word) => isMeant(word, named))) return false;
  const asked = rule.experimental && (experimentalAll || experimental.includes(rule.name));
  if (!asked && !isSelected(rule, settings)) return false;
  if (settings.heed(finding.at).some((word) => isMeant(word, named))) return false;
  return asked ? !settings.ignore.some((word) => isMeant(word, named)) : isWanted(named, rule, settings);
}

/** The diagnostic with the severity that was chosen; as hadolint has it, none for what it does not report. */
function withSeverity(
  rule: Rule,
  finding: Finding,
  settings: RuleChoice & Pick<LintSettings, 'hadolint'>,
): readonly Diagnostic[] {
  const diagnostic = diagnosticOf(rule, finding);
  const { codes = [] } = diagnostic;
  const chosen = chosenSeverity({ name: rule.name, codes }, settings);
  if (!settings.hadolint) return [{ ...diagnostic, severity: chosen ?? diagnostic.severity }];
  const [code] = codes;
  if (code === undefined) return [];
  const theirs = HADOLINT_CODES[code];
  if (theirs?.off && chosen === undefined) return [];
  return [{ ...diagnostic, severity: chosen ?? theirs?.severity ?? diagnostic.severity }];
}

/** As hadolint has it: each code once for an instruction. */
function oncePerLine(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return found.filter(({ codes, lines }) => {
    const key = `${codes?.[0]} ${lines.first}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/**
 * Whether what would make a build fail is said too. A base that only build arguments name has a rule of its own, and
 * hadolint knows nothing of what follows from a file that can be read.
 */
function isToSay(
  { span }: MilleError,
  found: readonly Diagnostic[],
  { subject, settings }: { readonly subject: LintSubject; readonly settings: LintSettings },
): boolean {
  if (!subject.complete) return true;
  if (settings.hadolint) return false;
  return !found.some((one) => one.rule === 'InvalidDefaultArgInFrom' && one.span.start === span?.start);
}

/** An error that has a place is a finding like others, so that all forms of output have it. */
function split(
  found: readonly Diagnostic[],
  error: MilleError | undefined,
  source: SourceText,
): Pick<LintReport, 'diagnostics' | 'error'> {
  if (!error) return { diagnostics: found };
  // Where nothing is, the place is the start: one such file among many is no reason to look at none.
  const span = error.span ?? (error.code === 'dockerfile-empty' ? { source, start: 0, end: 0 } : undefined);
  if (!span) return { diagnostics: found, error };
  return { diagnostics: inOrder([...found, brokenFile(error, span)]) };
}

const SYNTAX = new Set(['dockerfile-syntax', 'unknown-instruction', 'dockerfile-empty']);

function brokenFile({ code, message, hint }: MilleError, span: NonNullable<MilleError['span']>): Diagnostic {
  const lines = span.source.text.slice(0, span.start).split('\n').length;
  const height =
    span.source.text.slice(span.start, Math.max(span.start, span.end - 1)).split('\n').length - 1;
  return {
    rule: code,
    ...(SYNTAX.has(code) ? { codes: ['DL1000'] } : {}),
    severity: 'error',
    summary: 'the Dockerfile can be built',
    message: hint === undefined ? message : `${message}; ${hint}`,
    span,
    lines: { first: lines, last: lines + height },
  };
}
