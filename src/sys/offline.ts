// Whether this program may speak to anybody but this machine's own daemons. Everything that opens a connection asks here
// first: a promise that nothing is sent would not be one if each caller had to keep it.

import { MilleError, redactUrls } from '../core/index.ts';

const NAME = 'MILLE_OFFLINE';

/** Nothing is sent any more, by this process or those that it starts. */
export function goOffline(): void {
  process.env[NAME] = '1';
}

/** Whether nobody may be spoken to. */
export function isOffline(): boolean {
  return !['', '0', 'false', 'registries'].includes(setting());
}

/** Whether registries may not be asked: `MILLE_OFFLINE=registries` forbids those alone. */
export function registriesForbidden(): boolean {
  return isOffline() || setting() === 'registries';
}

function setting(): string {
  return process.env[NAME] ?? '';
}

/** @throws MilleError `network` where nobody may be spoken to */
export function checkNetwork(url: string): void {
  if (!isOffline()) return;
  throw new MilleError('network', `cannot fetch ${redactUrls(url)}: --offline (${NAME}) forbids it`, {
    hint: `leave --offline out and unset ${NAME}; what was fetched before is used without asking`,
  });
}
