// A page as it is shown: its text, what its example comes to, the rules about it, and where to read on.

import { factsOf, ignoreFileHolds, type Rule, type RuleExample } from '../lint/index.ts';
import { fieldList, flagList } from './flags/compose-flags.ts';
import { frenchSpaces } from './french.ts';
import { FRENCH_RULES } from './french-rules.ts';
import type { Language, Page } from './page.ts';
import { codesOf, findRule, rulesAbout } from './rules-about.ts';
import { HEADINGS, WORDS } from './wording.ts';

/** How the page of a rule is referred to. By default by its name alone. */
export interface ComposeOptions {
  readonly linkRule?: (rule: Rule) => string;
  readonly linkPage?: (name: string) => string;
  /** Rules are listed up to here, each with what it asks for; the others by name. */
  readonly mostRules?: number;
}

const MOST_RULES = 12;

/** The page of an instruction or a topic, as Markdown. */
export function composePage(page: Page, language: Language, options: ComposeOptions = {}): string {
  const text = resolveRules(page.texts[language].trim(), options);
  const parts = [
    text,
    givesText(page, language),
    flagsText(page, language),
    rulesText(page, language, options),
  ];
  const links = page.see.map(options.linkPage ?? ((name) => `\`mille explain ${name}\``)).join(', ');
  if (links !== '') parts.push(`${WORDS[language].see} ${links}.`);
  return finish(parts.filter((part) => part !== '').join('\n\n'), language);
}

/** What a page says first, and of an instruction whether it makes a layer and what overrides it. */
export function composeShort(page: Page, language: Language): string {
  const { title, summary } = headOf(page, language);
  const wanted = new Set([HEADINGS[language][2], HEADINGS[language][3]]);
  const sections = page.texts[language].split(/^## /m).flatMap((section) => {
    const [heading = '', ...lines] = section.split('\n');
    return wanted.has(heading) ? [`**${heading}.** ${lines.join('\n').trim()}`] : [];
  });
  const text = [`**${title}**`, summary, ...sections.map((section) => section.replace('.** -', '.**\n\n-'))];
  return finish(text.join('\n\n'), language);
}

/** The page of a rule, as Markdown. */
export function composeRule(rule: Rule, language: Language): string {
  const { name, url } = rule;
  const parts = [
    ...ruleParts(rule, language),
    WORDS[language].skip(name),
    ...(url === undefined ? [] : [url]),
  ];
  return finish(parts.join('\n\n'), language);
}

/** What is said of a rule alone: its text, its examples, what others call it, and how much it matters. */
export function ruleParts(rule: Rule, language: Language): readonly string[] {
  const { name, summary, page, examples } = rule;
  const codes = codesOf(rule);
  const translated = language === 'fr' ? FRENCH_RULES[name]?.trim() : undefined;
  return [
    translated ?? `# ${name}: ${summary}\n\n${page}`,
    ...examples.map((example) => exampleText(example, language)),
    ...(codes.length === 0 ? [] : [`${WORDS[language].alsoCalled} ${codes.join(', ')}.`]),
    kindOf(rule, language),
  ];
}

/** How much it matters, and whether it is looked at by itself. */
function kindOf({ severity, optional, experimental }: Rule, language: Language): string {
  const words = WORDS[language];
  return [words.severity[severity], ...(optional || experimental ? [words.onlyAsked] : [])].join(' ');
}

/** The title of a page, and the paragraph below it. */
export function headOf(page: Page, language: Language): { readonly title: string; readonly summary: string } {
  const [title = '', summary = ''] = page.texts[language].split(/\n{2,}/);
  const clean = language === 'fr' ? frenchSpaces : (text: string) => text;
  return { title: clean(title.replace(/^# /, '')), summary: clean(summary.replaceAll('\n', ' ')) };
}

/** `{NAME}` becomes the rule's name in brackets; where there is no such rule, nothing. */
function resolveRules(text: string, { linkRule }: ComposeOptions = {}): string {
  return text.replace(/((?: ?(?<!\$)\{[A-Za-z0-9]+\})+)/g, (_, group: string) => {
    const named = [...group.matchAll(/\{([A-Za-z0-9]+)\}/g)].flatMap((match) => findRule(match[1]!) ?? []);
    const names = [...new Set(named)].map(linkRule ?? (({ name }) => name));
    return names.length === 0 ? '' : ` (${names.join(', ')})`;
  });
}

function finish(markdown: string, language: Language): string {
  return `${language === 'fr' ? frenchSpaces(markdown) : markdown}\n`;
}

function givesText({ facts }: Page, language: Language): string {
  if (!facts) return '';
  const words = WORDS[language];
  const { config, layers } = facts.gives;
  const fields = Object.entries(config).map(
    ([field, value]) => `- \`${field}\`: \`${JSON.stringify(value)}\``,
  );
  const ofConfig = fields.length === 0 ? words.noConfig : `${words.config}\n\n${fields.join('\n')}`;
  return `${ofConfig}\n\n${words.layers(layers)}`;
}

function flagsText({ kind, name }: Page, language: Language): string {
  const { flags, fields } = WORDS[language];
  if (name === 'run-mount') return `## ${fields}\n\n${fieldList(language)}`;
  const rows = kind === 'instruction' ? flagList(name, language) : '';
  return rows === '' ? '' : `## ${flags}\n\n${rows}`;
}

function rulesText(page: Page, language: Language, options: ComposeOptions): string {
  if (page.kind !== 'instruction') return '';
  const rules = rulesAbout(page.name);
  if (rules.length === 0) return '';
  const { mostRules = MOST_RULES, linkRule = ({ name }) => name } = options;
  const shown = rules
    .slice(0, mostRules)
    .map((rule) => `- ${linkRule(rule)}${WORDS[language].colon}${summaryOf(rule, language)}`);
  const others = rules.slice(mostRules).map(linkRule);
  const more = others.length === 0 ? [] : ['', WORDS[language].moreRules(others.join(', '))];
  return [`## ${WORDS[language].rules}`, '', ...shown, ...more].join('\n');
}

function exampleText(example: RuleExample, language: Language): string {
  const { bad, good, goodIgnoreFile } = example;
  const { notSo, so } = WORDS[language];
  const block = (text: string) => `\`\`\`dockerfile\n${text}\n\`\`\``;
  const around = (facts: readonly string[]) =>
    facts.length === 0
      ? ''
      : ` (${facts.map((fact) => inLanguage(fact, language)).join(language === 'fr' ? ' ; ' : '; ')})`;
  const after = goodIgnoreFile === undefined ? [] : [ignoreFileHolds(goodIgnoreFile)];
  return [notSo(around(factsOf(example))), block(bad), so(around(after)), block(good)].join('\n\n');
}

/** What is around an example; the rules say it in English. */
function inLanguage(fact: string, language: Language): string {
  if (language === 'en') return fact;
  return fact
    .replace(/^the context holds/, 'le contexte contient')
    .replace(/^the ignore file holds/, "le fichier d'exclusion contient")
    .replace(/` is for /, '` est pour ');
}

/** What a rule asks for, in a sentence. */
export function summaryOf({ name, summary }: Rule, language: Language): string {
  const translated = language === 'fr' ? /^# \S+ : (.*)/.exec(FRENCH_RULES[name] ?? '')?.[1] : undefined;
  return translated === undefined ? summary : frenchSpaces(translated);
}
