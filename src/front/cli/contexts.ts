// `--build-context` as docker buildx takes it.

import type { ContextOption, ContextPlace } from '../../app/index.ts';
import { MilleError, redactUrls } from '../../core/index.ts';

const HINT =
  'write --build-context NAME=DIRECTORY, NAME=URL, NAME=docker-image://IMAGE, or NAME=oci-layout://DIRECTORY[:TAG]';

/** Reads every `--build-context`; a later one of the same name wins. @throws MilleError `usage` */
export function parseContexts(given: readonly string[]): ContextOption[] {
  return given.flatMap((text) => {
    if (text === '') return [];
    const equals = text.indexOf('=');
    if (equals <= 0) {
      throw new MilleError('usage', `--build-context '${redactUrls(text)}' is no name=value`, { hint: HINT });
    }
    return [{ name: text.slice(0, equals), place: placeOf(text.slice(0, equals), text.slice(equals + 1)) }];
  });
}

function placeOf(name: string, value: string): ContextPlace {
  if (value === '') throw new MilleError('usage', `--build-context ${name}= has no value`, { hint: HINT });
  if (value.startsWith('docker-image://'))
    return { kind: 'image', reference: value.slice('docker-image://'.length) };
  if (value.startsWith('oci-layout://')) return layoutPlace(name, value.slice('oci-layout://'.length));
  if (value.startsWith('target:')) {
    throw new MilleError(
      'usage',
      `--build-context ${name}: another target is something of docker buildx bake`,
      {
        hint: 'a stage of this Dockerfile is used by its name alone',
      },
    );
  }
  return { kind: 'path', path: value };
}

/** `path[:tag][@digest]`; the tag begins at the first colon, as with buildx. */
function layoutPlace(name: string, text: string): ContextPlace {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.indexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  if (path === '' || tag === '' || (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))) {
    throw new MilleError('usage', `--build-context ${name}: malformed layout 'oci-layout://${text}'`, {
      hint: 'write oci-layout://DIRECTORY, oci-layout://DIRECTORY:TAG, or oci-layout://DIRECTORY@sha256:…',
    });
  }
  return {
    kind: 'layout',
    path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
