// Which rules are about which instruction. A rule's examples say it: the instruction on the line that is wrong.

import { inspectDockerfile } from '../../lang/dockerfile/index.ts';
import { RULES, type Rule } from '../lint/index.ts';

const MOST_KEYWORDS = 3;

let known: ReadonlyMap<string, readonly Rule[]> | undefined;

/** The rules with an example in which an instruction of this keyword is what is wrong. */
export function rulesAbout(keyword: string): readonly Rule[] {
  known ??= collect();
  return known.get(keyword.toLowerCase()) ?? [];
}

/** The rule of a name, or of a code that others have for it; case does not matter. */
export function findRule(name: string): Rule | undefined {
  const wanted = name.toLowerCase();
  return RULES.find((rule) => [rule.name, ...codesOf(rule)].some((one) => one.toLowerCase() === wanted));
}

/** What other linters call a rule. */
export function codesOf(rule: Rule): readonly string[] {
  return rule.codes ?? [];
}

function collect(): ReadonlyMap<string, readonly Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const rule of RULES) {
    const keywords = keywordsOf(rule);
    // What is about any instruction is told of none.
    if (keywords.size > MOST_KEYWORDS) continue;
    for (const keyword of keywords) found.set(keyword, [...(found.get(keyword) ?? []), rule]);
  }
  return found;
}

function keywordsOf({ examples }: Rule): ReadonlySet<string> {
  const keywords = examples.flatMap(({ bad, at }) => {
    const { dockerfile } = inspectDockerfile({ name: 'Dockerfile', text: bad });
    return at.flatMap((line) => {
      const on = dockerfile.instructions.find(({ node }) => node.line <= line && line <= node.endLine);
      return on ? [on.kind] : [];
    });
  });
  return new Set(keywords);
}
