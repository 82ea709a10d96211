// Flags in words: as a page, as a list on the page of their instruction, and in short for an editor.

import { frenchSpaces } from '../french.ts';
import type { Language } from '../page.ts';
import { WORDS } from '../wording.ts';
import { type FoundFlags, flagsOf } from './find-flag.ts';
import type { FlagPlace } from './flag-at.ts';
import { MOUNT_FIELDS, MOUNT_TYPES } from './mount-texts.ts';
import type { Flag, FlagText } from './texts.ts';

/** What was asked for, as it is called: `COPY --chown`. */
export function flagsName({ keyword, flags }: FoundFlags): string {
  const names = flags.map(({ name }) => name).join(' ');
  return `${keyword ?? flags[0]?.of.join(', ')} ${names}`;
}

/** The page of some flags, as Markdown. */
export function composeFlags({ keyword, flags }: FoundFlags, language: Language): string {
  const { colon, example } = WORDS[language];
  const pages = flags.map(({ name, of, texts, example: line }) => {
    const { title, text } = texts[language];
    return [
      `# ${keyword ?? of.join(', ')} ${name}${colon}${title}`,
      text,
      example,
      `\`\`\`dockerfile\n${line}\n\`\`\``,
    ].join('\n\n');
  });
  const see = new Set(
    flags.flatMap(({ name, of }) => pagesAbout(name, keyword === undefined ? of : [keyword])),
  );
  const links = [...see].map((name) => `\`mille explain ${name}\``).join(', ');
  return finish([...pages, `${WORDS[language].see} ${links}.`].join('\n\n'), language);
}

/** The flags of an instruction, a line for each; '' where it takes none. */
export function flagList(keyword: string, language: Language): string {
  return flagsOf(keyword)
    .map(({ name, texts }) => row([name], texts[language], language))
    .join('\n');
}

/** The fields of a mount, a line for each. */
export function fieldList(language: Language): string {
  return MOUNT_FIELDS.map(({ name, aliases = [], texts }) =>
    row([name, ...aliases], texts[language], language),
  ).join('\n');
}

function row(names: readonly string[], { title, text }: FlagText, language: Language): string {
  return `- ${names.map((name) => `\`${name}\``).join(', ')}${WORDS[language].colon}${title}. ${text}`;
}

/** What stands at a place of a Dockerfile, in short. */
export function composeFlagPlace({ keyword, name, texts }: FlagPlace, language: Language): string {
  const { colon, see } = WORDS[language];
  const { title, text } = texts[language];
  const links = pagesAbout(name.replace(/=.*/, ''), [keyword]).map((page) => `\`mille explain ${page}\``);
  return finish(
    [`**${keyword} ${name}${colon}${title}**`, text, `${see} ${links.join(', ')}.`].join('\n\n'),
    language,
  );
}

/** What can be written at some place, in short. */
export interface Choice {
  /** As it is written, with `=` where a value follows. */
  readonly name: string;
  readonly summary: string;
  readonly markdown: string;
}

/** The flags of an instruction, to choose from. */
export function flagChoices(keyword: string, language: Language): readonly Choice[] {
  return flagsOf(keyword).map(({ name, example, texts }) =>
    choice(example.includes(`${name}=`) ? `${name}=` : name, texts[language], language),
  );
}

/** The types of mounts and the fields behind them, to choose from. */
export function mountChoices(language: Language): {
  readonly types: readonly Choice[];
  readonly fields: readonly Choice[];
} {
  return {
    types: Object.entries(MOUNT_TYPES).map(([name, texts]) => choice(name, texts[language], language)),
    fields: MOUNT_FIELDS.map(({ name, isSwitch, texts }) =>
      choice(isSwitch ? name : `${name}=`, texts[language], language),
    ),
  };
}

function choice(name: string, { title, text }: FlagText, language: Language): Choice {
  const clean = language === 'fr' ? frenchSpaces : (plain: string) => plain;
  return { name, summary: clean(title), markdown: clean(text) };
}

/** What to read on with. */
function pagesAbout(name: Flag['name'], keywords: readonly string[]): readonly string[] {
  return name === '--mount' ? ['run-mount', ...keywords] : keywords;
}

function finish(markdown: string, language: Language): string {
  return `${language === 'fr' ? frenchSpaces(markdown) : markdown}\n`;
}
