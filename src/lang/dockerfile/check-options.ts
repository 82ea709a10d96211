// What `# check=…` says about the checks of a build: which are left out, which are tried, whether a finding fails it.

import { MilleError, quote } from '../../core/index.ts';
import { findDirective } from './directive.ts';
import type { Word } from './tree.ts';

/** `skip=RuleA,RuleB;experimental=RuleC;error=true`; `all` in place of names means all of them. */
export interface CheckOptions {
  readonly skip: readonly string[];
  readonly skipAll: boolean;
  readonly experimental: readonly string[];
  readonly experimentalAll: boolean;
  /** Whether the build fails when a check finds something. */
  readonly error: boolean;
}

/** The options of a file that has no directive. */
export const NO_CHECK_OPTIONS: CheckOptions = {
  skip: [],
  skipAll: false,
  experimental: [],
  experimentalAll: false,
  error: false,
};

/**
 * Reads the value of the directive, or of the build argument BUILDKIT_DOCKERFILE_CHECK.
 * @throws MilleError `dockerfile-syntax` for an option that there is not, as in BuildKit.
 */
export function parseCheckDirective(value: Word | string): CheckOptions {
  const text = typeof value === 'string' ? value : value.text;
  const options = { ...NO_CHECK_OPTIONS };
  for (const part of text.trim() === '' ? [] : splitThree(text.trim())) {
    const equals = part.indexOf('=');
    const key = part.slice(0, Math.max(0, equals)).trim();
    const list = part.slice(equals + 1).trim();
    if (key === 'skip' || key === 'experimental') {
      if (list === 'all') options[`${key}All`] = true;
      else options[key] = list.split(',').map((name) => name.trim());
    } else if (key === 'error' && /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(list)) {
      options.error = /^[1tT]/.test(list);
    } else {
      throw invalid(part, value);
    }
  }
  return options;
}

/** BuildKit splits at most twice: what stands behind a third `;` belongs to the third option. */
function splitThree(text: string): string[] {
  const parts = text.split(';');
  return parts.length <= 3 ? parts : [...parts.slice(0, 2), parts.slice(2).join(';')];
}

function invalid(part: string, value: Word | string): MilleError {
  return new MilleError('dockerfile-syntax', `invalid check option ${quote(part)}`, {
    hint: 'write # check=skip=RuleA,RuleB or skip=all, and ;error=true behind it to fail the build, without spaces',
    ...(typeof value === 'string' ? {} : { span: value.span }),
  });
}

/**
 * The options for one instruction, from the comments directly above it: the first that reads `check=…`. They add to
 * those of the file; `error` has no meaning there. Malformed ones count for nothing, as in BuildKit.
 */
export function checkOptionsOfComments(comments: readonly string[]): CheckOptions | undefined {
  for (const comment of comments) {
    const found = findDirective(comment, 0, comment.length);
    if (found?.name !== 'check') continue;
    const value = comment.slice(found.valueStart, found.valueEnd).split(' ', 1)[0] ?? '';
    try {
      return parseCheckDirective(value);
    } catch {
      return undefined;
    }
  }
  return undefined;
}
