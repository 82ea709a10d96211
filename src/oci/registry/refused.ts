// The error for a registry that says no.

import { displayPath, MilleError } from '../../core/index.ts';
import type { Endpoint } from './endpoint.ts';
import { DOCKER_HUB } from './registry-name.ts';

/** @param reason what the registry says itself */
export function refusedLogin({ registry }: Endpoint, loggedIn: boolean, reason?: string): MilleError {
  const why = inBrackets(reason);
  const where = registry === DOCKER_HUB ? '' : ` ${registry}`;
  const message = loggedIn
    ? `the registry ${registry} refuses the login that there is for it${why}`
    : `the registry ${registry} asks for a login, or has no such image${why}`;
  return new MilleError('registry-denied', message, {
    hint: loggedIn
      ? `it may have no right to this image, or be out of date: 'mille login${where}' renews it`
      : `check the name; 'mille login${where}' keeps a login`,
  });
}

/** The error where a login is refused that is only being tried. */
export function refusedTrial({ registry }: Endpoint, reason?: string): MilleError {
  return new MilleError(
    'registry-denied',
    `the registry ${registry} refuses this login${inBrackets(reason)}`,
    {
      hint: 'check the user name and the password; some registries want an access token in the place of a password',
    },
  );
}

function inBrackets(reason: string | undefined): string {
  return reason === undefined ? '' : ` (${displayPath(reason.slice(0, 200))})`;
}
