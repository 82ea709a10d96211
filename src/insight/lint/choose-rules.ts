// Which rules are looked at: by name (`JSONArgsRecommended`), by code (`DL3025`) or the beginning of codes (`SC`, `DL40`).

import { MilleError, type Severity, suggest } from '../../core/index.ts';
import { HADOLINT_CODES } from './hadolint-codes.ts';
import type { Rule } from './rule.ts';

/** What is chosen; each word is a name, a code or the beginning of codes. */
export interface RuleChoice {
  /** `all`, `default` and single rules; nothing is the default: all that are not optional or experimental. */
  readonly select: readonly string[];
  readonly ignore: readonly string[];
  /** Later ones count. */
  readonly severities: readonly { readonly rule: string; readonly severity: Severity }[];
}

type Named = Pick<Rule, 'name' | 'codes'>;

/** Whether a word means a rule, or a finding of some codes. */
export function isMeant(word: string, { name, codes = [] }: Named): boolean {
  const upper = word.toUpperCase();
  if (upper === name.toUpperCase()) return true;
  return /^(DL|SC)\d*$/.test(upper) && codes.some((code) => matchesCode(upper, code));
}

/** A whole code has four digits; fewer are the beginning of several. */
function matchesCode(word: string, code: string): boolean {
  return word.length >= 6 ? code === word : code.startsWith(word);
}

/** Which rules are looked at, and whether it is as hadolint has them. */
export type Asked = RuleChoice & { readonly hadolint: boolean };

/** Whether a rule is looked at. */
export function isSelected(rule: Rule, asked: Asked): boolean {
  const { select } = asked;
  if (select.length === 0) return isStandard(rule, asked);
  return select.some((word) => isAskedFor(word, rule, asked));
}

function isAskedFor(word: string, rule: Rule, asked: Asked): boolean {
  if (word.toLowerCase() === 'all') return true;
  return word.toLowerCase() === 'default' ? isStandard(rule, asked) : isMeant(word, rule);
}

/** Whether a rule is looked at where nothing is selected. As with hadolint, a severity turns one on that is off. */
function isStandard(rule: Rule, { hadolint, severities }: Asked): boolean {
  if (rule.experimental) return false;
  return !rule.optional || (hadolint && severities.some((one) => isMeant(one.rule, rule)));
}

/**
 * Leaves out rules that say what another one says: as hadolint has it BuildKit's (which report other places), otherwise
 * hadolint's, unless it is named.
 */
export function withoutTwins(
  rules: readonly Rule[],
  { select, hadolint }: Pick<RuleChoice, 'select'> & { readonly hadolint: boolean },
): readonly Rule[] {
  const twins = new Set(rules.flatMap(({ overlaps }) => overlaps ?? []));
  return rules.filter(({ name, overlaps }) => {
    if (select.some((word) => word.toUpperCase() === name.toUpperCase())) return true;
    return hadolint ? !twins.has(name) : overlaps === undefined;
  });
}

/** Whether a finding is wanted of a rule that is looked at: it may have codes of its own. */
export function isWanted(finding: Named, rule: Rule, asked: Asked): boolean {
  const { select, ignore } = asked;
  if (ignore.some((word) => isMeant(word, finding))) return false;
  if (select.length === 0) return true;
  return select.some((word) =>
    /^(all|default)$/i.test(word) ? isAskedFor(word, rule, asked) : isMeant(word, finding),
  );
}

/** The severity of a finding, where it is chosen. */
export function chosenSeverity(finding: Named, { severities }: RuleChoice): Severity | undefined {
  return severities.findLast(({ rule }) => isMeant(rule, finding))?.severity;
}

/**
 * Refuses words that mean nothing.
 * @param flag where they were written: `--select`
 * @throws MilleError `usage`
 */
export function checkWords(words: readonly string[], flag: string, rules: readonly Rule[]): void {
  for (const word of words) {
    if (/^(all|default)$/i.test(word) && flag === '--select') continue;
    if (/^SC\d{0,4}$/i.test(word) || rules.some((rule) => isMeant(word, rule))) continue;
    if (
      Object.keys(HADOLINT_CODES).some(
        (code) => matchesCode(word.toUpperCase(), code) && /^DL\d*$/i.test(word),
      )
    )
      continue;
    const near = suggest(word, [...rules.map(({ name }) => name), ...Object.keys(HADOLINT_CODES)], 4);
    throw new MilleError('usage', `${flag}: no rule is called '${word}'`, {
      hint:
        near === undefined ? 'docs/lint-rules.md lists the rules, with their codes' : `did you mean ${near}?`,
    });
  }
}
