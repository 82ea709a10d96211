// docs/instructions.md and its French twin: all pages in one, from the pages.

import { BUILD_RULES } from '../lint/index.ts';
import { composePage, headOf } from './compose.ts';
import { demote } from './demote.ts';
import type { Language, Page } from './page.ts';
import { PAGES } from './pages.ts';

const INTRODUCTION: Readonly<Record<Language, string>> = {
  en: `# Dockerfile instructions, explained

What \`mille explain\` shows, in one page: each instruction of a Dockerfile, what it does, its forms, what overrides it when
building and when running, whether it makes a layer, what makes it run again, and what goes wrong with it; then questions that
come up. Tests hold the claims, and what the examples come to, against the planning of builds and
against containers. [En français](instructions.fr.md).`,
  fr: `# Les instructions d'un Dockerfile, expliquées

Ce que montre \`mille explain --lang fr\`, en une page : chaque instruction d'un Dockerfile, ce qu'elle fait, ses formes, ce qui la
remplace à la construction et à l'exécution, si elle crée une couche, ce qui la fait refaire, et ce qui se passe mal avec elle ;
puis des questions qui reviennent. Des tests comparent les affirmations, et les résultats des exemples, à la planification des
constructions et à des conteneurs. [In English](instructions.md).`,
};

/** The page. */
export function instructionsPage(language: Language): string {
  const rows = PAGES.map((page) => `- [${headOf(page, language).title}](#${anchor(page)})`);
  const pages = PAGES.map((page) => {
    const text = composePage(page, language, {
      linkRule: (rule) => {
        const english = BUILD_RULES.includes(rule) ? 'checks' : 'lint-rules';
        const page = language === 'fr' ? 'rules.fr' : english;
        return `[${rule.name}](${page}.md#${rule.name.toLowerCase()})`;
      },
      linkPage: (name) => `[${name}](#${name.toLowerCase()})`,
      mostRules: 6,
    });
    // Its headings go one level down, below that of the page; an anchor of its own holds in both languages.
    return `<a id="${anchor(page)}"></a>\n\n${demote(text).trim()}`;
  });
  return `${[INTRODUCTION[language], rows.join('\n'), ...pages].join('\n\n')}\n`;
}

function anchor({ name }: Page): string {
  return name.toLowerCase();
}
