// Whether apt-get installs what is only recommended.

import { type Command, flagNames } from '../lint/index.ts';

/** Whether a command says what becomes of recommendations, so that it is nobody else's choice. */
export function isRestricted(command: Command): boolean {
  return (
    flagNames(command).some((flag) => flag === 'no-install-recommends' || flag === 'install-recommends') ||
    command.args.some(({ text }) => /APT::Install-Recommends=/i.test(text))
  );
}

/** Whether a command installs what is recommended as well. */
export function takesRecommended(command: Command): boolean {
  return (
    /^(?:apt|apt-get|aptitude)$/.test(command.name) &&
    command.args.some(({ text }) => text === 'install') &&
    !flagNames(command).includes('no-install-recommends') &&
    !command.args.some(({ text }) => /APT::Install-Recommends=["']?(?:0|false|no|off)/i.test(text))
  );
}
