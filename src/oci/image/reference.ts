// Image references (distribution spec, and Docker's short forms): `app`, `app:1.2`, `host:5000/team/app@sha256:…`.

import { type Digest, isDigest, MilleError } from '../../core/index.ts';

/** A parsed reference. `registry` is `docker.io` and `repository` `library/app` for the short name `app`. */
export interface Reference {
  readonly registry: string;
  readonly repository: string;
  /** Present unless only a digest was given; `latest` where neither was. */
  readonly tag?: string;
  readonly digest?: Digest;
}

const PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;

/**
 * Parses a reference as `docker` does.
 * @throws MilleError `reference-invalid`, with a hint for upper-case names.
 */
export function parseReference(text: string): Reference {
  const fail = (why: string, hint = 'a reference looks like name[:tag], for example app:1.0') =>
    new MilleError('reference-invalid', `invalid image reference '${text}': ${why}`, { hint });
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) throw fail('the part after @ is not a sha256 digest');
  let name = at < 0 ? text : text.slice(0, at);
  const colon = name.lastIndexOf(':');
  let tag: string | undefined;
  if (colon > name.lastIndexOf('/')) {
    tag = name.slice(colon + 1);
    name = name.slice(0, colon);
    if (!TAG.test(tag)) throw fail(`'${tag}' is not a valid tag`);
  }
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasHost =
    first.includes('.') || first.includes(':') || first === 'localhost' || first !== first.toLowerCase();
  let registry = hasHost ? first : 'docker.io';
  let repository = hasHost ? name.slice(slash + 1) : name;
  if (registry === 'index.docker.io') registry = 'docker.io';
  if (!HOST.test(registry)) throw fail(`'${registry}' is not a registry host`);
  if (repository === '') throw fail('it names no repository');
  if (repository !== repository.toLowerCase()) {
    throw fail('the name must be lower case', `did you mean '${text.replace(name, name.toLowerCase())}'?`);
  }
  if (!repository.split('/').every((part) => PART.test(part)))
    throw fail(`'${repository}' is not a valid name`);
  if (repository.length > 255) throw fail('the name is longer than 255 characters');
  if (registry === 'docker.io' && !repository.includes('/')) repository = `library/${repository}`;
  return {
    registry,
    repository,
    ...(tag !== undefined ? { tag } : digest === undefined ? { tag: 'latest' } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The short form that people write: without `docker.io` and `library/`. */
export function familiarName(reference: Reference): string {
  const { registry, repository } = reference;
  if (registry !== 'docker.io') return `${registry}/${repository}`;
  return repository.startsWith('library/') ? repository.slice('library/'.length) : repository;
}

/** The familiar reference with tag and digest. */
export function formatReference(reference: Reference): string {
  const { tag, digest } = reference;
  return `${familiarName(reference)}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The one spelling under which the store keeps a name: always with registry and tag, never a digest. */
export function canonicalName(reference: Reference): string {
  return `${reference.registry}/${reference.repository}:${reference.tag ?? 'latest'}`;
}
