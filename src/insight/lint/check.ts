// A Dockerfile checked: what the rules find, and what would make a build fail.

import { type Diagnostic, MilleError } from '../../core/index.ts';
import type { CheckOptions, Dockerfile } from '../../lang/dockerfile/index.ts';
import { checkOptions } from './check-options.ts';
import { type CheckedBuild, type InspectRequest, inspectForLint, subjectOfBuild } from './inspect.ts';
import { BUILD_RULES } from './rules/build-rules.ts';
import { runRules } from './run-rules.ts';

/** What checking came to. */
export interface CheckReport {
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** What would make a build fail before its first step. */
  readonly error?: MilleError;
  /** References of images that are not there: what depends on them was left out. */
  readonly missingImages: readonly string[];
}

/** Checks a Dockerfile without building it. Never throws for what is wrong with it. */
export function checkDockerfile(request: InspectRequest): CheckReport {
  const { subject, error, missingImages } = inspectForLint(request);
  let options: CheckOptions;
  try {
    options = checkOptions(subject.dockerfile, request.options.buildArgs);
  } catch (malformed) {
    if (!(malformed instanceof MilleError)) throw malformed;
    return { diagnostics: [], error: malformed, missingImages };
  }
  const diagnostics = runRules(BUILD_RULES, subject, options);
  const wrong = error ?? violation(diagnostics, options);
  return { diagnostics, missingImages, ...(wrong ? { error: wrong } : {}) };
}

/**
 * Checks a build whose stages have been evaluated, for each of its platforms: what it builds, and nothing twice.
 * @throws MilleError for malformed options of the checks
 */
export function checkBuilds(
  dockerfile: Dockerfile,
  builds: readonly (CheckedBuild & { readonly settings: InspectRequest['options'] })[],
): Pick<CheckReport, 'diagnostics' | 'error'> {
  const options = checkOptions(dockerfile, builds[0]?.settings.buildArgs);
  const found = builds.flatMap(({ settings, ...build }) =>
    runRules(BUILD_RULES, subjectOfBuild(dockerfile, settings, build), options),
  );
  const seen = new Set<string>();
  const diagnostics = found.filter(({ rule, message, lines }) => {
    const key = `${rule} ${lines.first} ${message}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  const error = violation(diagnostics, options);
  return { diagnostics, ...(error ? { error } : {}) };
}

/** The error of a build that asked for none of its rules to be broken (`error=true`), if one is. */
function violation(diagnostics: readonly Diagnostic[], options: CheckOptions): MilleError | undefined {
  if (!options.error || diagnostics.length === 0) return undefined;
  const rules = [...new Set(diagnostics.map(({ rule }) => rule))].join(', ');
  return new MilleError('check-failed', `checks failed, and error=true is set: ${rules}`, {
    hint: 'mille build --check shows them in their places',
  });
}
