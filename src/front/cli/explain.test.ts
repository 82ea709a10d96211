// `mille explain`: the language, the formats, and that the flags which its pages name are there.

import { describe, expect, test } from 'bun:test';
import { PAGES } from '../../insight/explain/index.ts';
import { loadCommand } from './catalogue.ts';
import { localeLanguage } from './locale.ts';

/** The flags of a command, Docker's that are missing here among them. */
async function flagsOf(name: string): Promise<ReadonlySet<string>> {
  const { flags, docker } = await loadCommand(name);
  const own = Object.entries(flags).flatMap(([long, { short }]) => [
    `--${long}`,
    ...(short ? [`-${short}`] : []),
  ]);
  const missing = (docker?.unsupported ?? []).flatMap((text) => {
    const [long, short] = text.split(',');
    return [`--${long}`, ...(short === undefined ? [] : [`-${short}`])];
  });
  return new Set([...own, ...missing]);
}

describe('what overrides an instruction', () => {
  for (const { name, texts } of PAGES.filter(({ kind }) => kind !== 'topic')) {
    for (const [language, head, build, run] of [
      ['en', 'What overrides it', 'Build', 'Run'],
      ['fr', 'Ce qui la remplace', 'À la construction', "À l'exécution"],
    ] as const) {
      test(`${name}, ${language}: flags are those of build and run`, async () => {
        const section = new RegExp(`## ${head}\n([\\s\\S]*?)(?=\n## |$)`).exec(texts[language])?.[1];
        if (section === undefined) return expect(name).toBe('dockerignore');
        const [, ofBuild = '', ofRun = ''] = new RegExp(
          `- ${build} ?:([\\s\\S]*)- ${run} ?:([\\s\\S]*)`,
        ).exec(section)!;
        for (const [command, text] of [
          ['build', ofBuild],
          ['run', ofRun],
        ] as const) {
          const known = await flagsOf(command);
          // Flags of instructions (`--from=NAME`) are spoken of beside those of commands.
          const named = [...text.matchAll(/`(--?[a-zA-Z][a-z-]*)/g)].map((match) => match[1]!);
          for (const flag of named.filter((one) => one !== '--from')) expect([...known]).toContain(flag);
        }
      });
    }
  }
});

test.each([
  [{}, 'en'],
  [{ LANG: 'fr_FR.UTF-8' }, 'fr'],
  [{ LANG: 'fr_FR.UTF-8', LC_ALL: 'C' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'fr' }, 'fr'],
  [{ LC_ALL: '', LANG: 'fr' }, 'fr'],
  [{ LANG: 'fry' }, 'en'],
] as const)('the locale %j is %s', (env, language) => {
  expect(localeLanguage(env)).toBe(language);
});
