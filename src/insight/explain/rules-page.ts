// docs/rules.fr.md: the rules of builds and of `mille lint` in French, in one page. In English they are docs/checks.md and
// docs/lint-rules.md.

import type { Severity } from '../../core/index.ts';
import { BUILD_RULES, LINT_RULES, type Rule } from '../lint/index.ts';
import { ruleParts, summaryOf } from './compose.ts';
import { demote } from './demote.ts';
import { frenchSpaces } from './french.ts';
import { codesOf } from './rules-about.ts';

const INTRODUCTION = `# Les règles, expliquées

Ce que regardent les constructions, et [\`mille lint\`](lint.md) en plus d'elles ; c'est ce que montre \`mille explain --lang fr RÈGLE\`.
Le nom d'une règle, ou l'un de ses codes, est ce que prennent \`--select\`, \`--ignore\` et les commentaires : là où une règle ne
convient pas, \`# check=skip=NOM\` au-dessus de l'instruction. Les corrections sont faites par \`--fix\`, ou par \`--fix=all\` quand elles
dépendent de ce que seul l'auteur sait. In English: [checks.md](checks.md), [lint-rules.md](lint-rules.md).`;

const SEVERITIES: Readonly<Record<Severity, string>> = {
  ...{ error: 'erreur', warning: 'avertissement', info: 'information', style: 'style' },
};

/** The page. */
export function frenchRulesPage(): string {
  const page = [
    INTRODUCTION,
    ...sectionOf('Les règles des constructions', BUILD_RULES),
    ...sectionOf('Les règles de mille lint', LINT_RULES),
  ].join('\n\n');
  return `${frenchSpaces(page)}\n`;
}

function sectionOf(title: string, rules: readonly Rule[]): readonly string[] {
  const rows = rules.map((rule) => {
    const { name, severity, optional, experimental } = rule;
    const asked = optional || experimental ? ' (sur demande)' : '';
    const link = `[${name}](#${name.toLowerCase()})`;
    const summary = `${summaryOf(rule, 'fr')}${asked}`.replaceAll('|', '\\|');
    return `| ${link} | ${codesOf(rule).join(', ')} | ${SEVERITIES[severity]} | ${summary} |`;
  });
  const table = ['| règle | codes | importance | ce qui doit être |', '| --- | --- | --- | --- |', ...rows];
  return [`## ${title}`, table.join('\n'), ...rules.map(ruleText)];
}

/** Its heading is its name alone, so that it can be linked to, two levels down, below that of the section. */
function ruleText(rule: Rule): string {
  const text = demote(demote(ruleParts(rule, 'fr').join('\n\n')));
  return text.replace(
    /^### (\w+) : (.*)$/m,
    (_, name: string, summary: string) => `### ${name}\n\n**${summary}**`,
  );
}
