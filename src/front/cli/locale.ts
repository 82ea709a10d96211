// Which language the user's locale asks for.

import type { Language } from '../../app/index.ts';

/** As the C library has it: the first variable that is not empty decides. What is not French is English. */
export function localeLanguage(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((value) => value !== undefined && value !== '');
  return /^fr(?:[_.@-]|$)/i.test(locale ?? '') ? 'fr' : 'en';
}
