import { describe, expect, test } from 'bun:test';
import { RULES } from '../lint/index.ts';
import { frenchSpaces } from './french.ts';
import { FRENCH_RULES } from './french-rules.ts';
import { composePage, composeRule, findPage, frenchRulesPage, instructionsPage, PAGES } from './index.ts';
import { findRule } from './rules-about.ts';
import { HEADINGS } from './wording.ts';

const LANGUAGES = ['en', 'fr'] as const;

const FENCED = /^```[\s\S]*?^```/gm;

describe('texts', () => {
  for (const { name, kind, texts } of PAGES) {
    for (const language of LANGUAGES) {
      test(`${name}, ${language}: title, summary, sections`, () => {
        const text = texts[language];
        expect(text).toMatch(/^# .+\n\n[^#\n]/);
        for (const line of text.split('\n')) {
          if (!line.startsWith('HEALTHCHECK') && !line.startsWith('| '))
            expect(line.length).toBeLessThanOrEqual(145);
        }
        const headings = [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1]!);
        if (kind === 'instruction') expect(headings).toEqual([...HEADINGS[language]]);
        expect(headings.length).toBe([...texts.en.matchAll(/^## /gm)].length);
      });
    }

    test(`${name} names the same rules, and as many things in each list, in both languages`, () => {
      const rules = (text: string) => [...text.matchAll(/\{([A-Za-z0-9]+)\}/g)].map((match) => match[1]!);
      // A variable of the shell in braces is no rule.
      const named = (text: string) => rules(text.replaceAll(/\$\{/g, '$('));
      expect(named(texts.fr)).toEqual(named(texts.en));
      for (const rule of named(texts.en))
        expect(`${rule} ${findRule(rule)?.name ?? 'is no rule'}`).not.toContain('no rule');
      const items = (text: string) => [...text.matchAll(/^- /gm)].length;
      expect(items(texts.fr)).toBe(items(texts.en));
    });
  }
});

describe('composed pages', () => {
  test('link only to what there is, and leave no mark behind', () => {
    for (const page of PAGES) {
      for (const see of page.see) expect(findPage([see])).toHaveProperty('page');
      for (const language of LANGUAGES) {
        const text = composePage(page, language);
        expect(text.replaceAll(/\$\{/g, '')).not.toMatch(/\{[A-Z][A-Za-z0-9]+\}/);
      }
    }
  });

  test('keep the variables of their examples', () => {
    const page = PAGES.find(({ name }) => name === 'arg-or-env')!;
    for (const language of LANGUAGES) expect(composePage(page, language)).toContain('ENV MODE=${MODE}');
  });

  test('of rules are in French where that is asked for, and in English where it is not', () => {
    const rule = findRule('JSONArgsRecommended')!;
    const french = composeRule(rule, 'fr');
    expect(french).toContain('# JSONArgsRecommended\u00a0: CMD et ENTRYPOINT sont des tableaux JSON');
    expect(french).not.toContain(rule.page);
    expect(composeRule(rule, 'en')).toContain(rule.page);
  });

  test('of rules that are translated are of rules that there are, and keep their code', () => {
    for (const [name, text] of Object.entries(FRENCH_RULES)) {
      const rule = findRule(name)!;
      expect(text).toStartWith(`# ${name} : `);
      const blocks = (markdown: string) => [...markdown.matchAll(/^```dockerfile$/gm)].length;
      expect(blocks(text)).toBe(blocks(rule.page));
    }
  });

  test('of rules are in French, of each', () => {
    expect(RULES.filter(({ name }) => FRENCH_RULES[name] === undefined).map(({ name }) => name)).toEqual([]);
  });

  test('in one are all rules, with the places that others link to', () => {
    const page = frenchRulesPage();
    for (const { name } of RULES) expect(page).toContain(`\n### ${name}\n\n**`);
    for (const [, name] of instructionsPage('fr').matchAll(/\(rules\.fr\.md#(\w+)\)/g))
      expect(page.toLowerCase()).toContain(`\n### ${name}\n`);
  });

  test('of rules say in French what they say in English: the same numbers, and none of the code is lost', () => {
    const lost = Object.entries(FRENCH_RULES).flatMap(([name, french]) => {
      const english = findRule(name)!.page;
      return [
        ...missing(numbersOf(english), numbersOf(french)),
        ...missing(codeOf(english), codeOf(french)),
      ].map((one) => `${name}: ${one}`);
    });
    expect(lost).toEqual([]);
  });

  test('of rules in French have lines that can be read, and no code that goes over the end of one', () => {
    for (const text of Object.values(FRENCH_RULES)) {
      for (const line of text.replaceAll(FENCED, '').split('\n')) {
        expect(line.length).toBeLessThanOrEqual(145);
        // Where code goes over a line its spaces are taken for those of French.
        expect(line.replaceAll(/`[^`]+`/g, '')).not.toContain('`');
      }
    }
  });
});

/** What is in the one and not in the other. */
function missing(wanted: readonly string[], has: readonly string[]): readonly string[] {
  return wanted.filter((one) => !has.includes(one));
}

function numbersOf(markdown: string): readonly string[] {
  return markdown.match(/\d+/g) ?? [];
}

/** What stands in backquotes; in the words of English where a word is one that the writer chose. */
function codeOf(markdown: string): readonly string[] {
  const spans = [...markdown.replaceAll(FENCED, '').matchAll(/`([^`]+)`/g)];
  return spans.map(([, code]) =>
    code!.replaceAll(/\p{L}+(?:-\p{L}+)*/gu, (word) => CHOSEN[word] ?? word).replaceAll(/\s+/g, ' '),
  );
}

const CHOSEN: Readonly<Record<string, string>> = {
  NOM: 'NAME',
  défaut: 'default',
  outil: 'tool',
  paquet: 'package',
  'version-de-la-distribution': 'release',
};

describe('finding', () => {
  test.each([
    ['cmd', 'CMD'],
    ['CMD or ENTRYPOINT', 'cmd-or-entrypoint'],
    ['entrypoint vs cmd', 'cmd-or-entrypoint'],
    ['ARG ou ENV', 'arg-or-env'],
    ['.dockerignore', 'dockerignore'],
    ['RUN --mount', 'run-mount'],
    ['RUN --mount=type=cache,target=/x', 'run-mount'],
    ['couches', 'layers'],
    ['Multi-étapes', 'multi-stage'],
    ['shell or exec form', 'shell-or-exec'],
  ])('%s', (words, name) => {
    expect(findPage(words.split(' '))).toMatchObject({ page: { name } });
  });

  test('rules, whatever the case', () => {
    expect(findPage(['jsonargsrecommended'])).toMatchObject({ rule: { name: 'JSONArgsRecommended' } });
  });

  test.each([
    ['ENTRYPIONT', 'ENTRYPOINT'],
    ['comd', 'CMD'],
    ['JSONArgsRecomended', 'JSONArgsRecommended'],
    ['StageName', 'StageNameCasing'],
    ['zzzzzz', undefined],
  ])('%s is not there', (words, suggestion) => {
    expect(findPage([words])).toEqual({ suggestion });
  });
});

test('French spaces do not break, but in code', () => {
  expect(frenchSpaces('a : b ; « c » `x : y` ?\n\n```\nz : z\n```\n')).toBe(
    'a\u00a0: b\u00a0; «\u00a0c\u00a0» `x : y`\u00a0?\n\n```\nz : z\n```\n',
  );
});
