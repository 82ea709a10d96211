// Requests to one repository of a registry, of its mirrors first where it has any: repeated where a failure may pass,
// asked of the next place where a mirror fails. What comes back is judged by the caller, but for what no caller can use.

import { displayPath, MilleError } from '../../core/index.ts';
import type { Exchange } from '../../sys/index.ts';
import type { Reference } from '../image/index.ts';
import { mayPass, PATIENCE, REPETITIONS, type RegistryAccess, waitBefore } from './access.ts';
import { type Asked, type Connection, openConnection } from './connection.ts';
import { addressOf, type Endpoint, endpointOf, mirrorEndpoint } from './endpoint.ts';
import { reasonOf } from './read-body.ts';
import { refusedLogin } from './refused.ts';
import { registryName } from './registry-name.ts';
import { isTooLong, untilWhen } from './retry-after.ts';

/** What is asked for; the catalogue is one of the whole registry. */
export type Kind = 'manifests' | 'blobs' | 'tags' | 'catalogue';

/** Something in a repository, or to be put there. */
export interface Wanted extends Omit<Asked, 'address'> {
  readonly kind: Kind;
  /** A tag or a digest; of blobs also `uploads/`, with a query; `list` of tags. */
  readonly name: string;
  /** Where the registry said to go on, in the place of kind and name. */
  readonly location?: URL;
  /** Answers that the caller wants to see; by default those that bring what was asked for. */
  readonly expected?: readonly number[];
  /** Not repeated here: what was sent may have arrived. */
  readonly once?: boolean;
}

/** A repository to ask. */
export interface RepositoryClient {
  readonly registry: string;
  /**
   * Asks for something.
   * @returns an answer of success
   * @throws MilleError `image-missing` for what is not there, `registry-denied`, `network`, `interrupted`
   */
  ask(wanted: Wanted): Promise<Exchange>;
  /** An address that the registry gave to go on at. @throws MilleError `network` for one that nothing may be sent to */
  next(location: string | undefined, from?: URL): URL;
}

/** What a repository is asked for beside its content. */
export interface ClientOptions {
  /** Whether something is put there: mirrors have no part in it. */
  readonly push?: boolean;
  /** Repositories of the same registry that blobs are mounted from. */
  readonly mounts?: readonly string[];
  /** Whether the names of all repositories are wanted, whatever the reference names. */
  readonly catalogue?: boolean;
}

/** A place that a repository is asked at. */
interface Place {
  readonly connection: Connection;
  /** A mirror that could not be reached, or broke off, is not asked again. */
  broken: boolean;
  /** Blobs that it began to give. */
  readonly given: Set<string>;
  /** Why a mirror did not give what it was last asked for. */
  failure?: string;
}

/** Milliseconds that a mirror may be silent for: its registry is there as well. */
const MIRROR_PATIENCE = 10_000;

/** Makes ready to ask a repository; nothing is sent yet. */
export function openClient(
  reference: Reference,
  access: RegistryAccess,
  { push = false, mounts = [], catalogue = false }: ClientOptions = {},
): RepositoryClient {
  const { repository } = reference;
  const registry = registryName(reference.registry);
  const open = (endpoint: Endpoint): Connection => {
    const { prefix = '' } = endpoint;
    const scope = [
      catalogue ? 'registry:catalog:*' : `repository:${prefix}${repository}:${push ? 'pull,push' : 'pull'}`,
      ...mounts.map((from) => `repository:${from}:pull`),
    ].join(' ');
    const { patience: given = PATIENCE } = access;
    const patience = endpoint.mirrorOf ? Math.min(given, MIRROR_PATIENCE) : given;
    return openConnection(endpoint, { ...access, patience }, { scope, repository: `${prefix}${repository}` });
  };
  const own = open(endpointOf(reference, access.plain));
  const mirrors: readonly Place[] = (push || catalogue ? [] : (access.mirrors?.get(registry) ?? [])).map(
    (mirror) => ({
      connection: open(mirrorEndpoint(mirror, registry, access.plain)),
      broken: false,
      given: new Set<string>(),
    }),
  );

  const askAt = (connection: Connection, wanted: Wanted): Promise<Exchange> => {
    const { kind, name, location } = wanted;
    const address = (endpoint: Endpoint) => location ?? new URL(addressOf(endpoint, repository, kind, name));
    return connection.ask({ ...wanted, address });
  };

  /** What a mirror gives; undefined for a mirror that lacks it, or fails. */
  const askMirror = async (mirror: Place, wanted: Wanted): Promise<Exchange | undefined> => {
    const { expected = [200, 206] } = wanted;
    try {
      const answer = await askAt(mirror.connection, wanted);
      // That a mirror lacks something says nothing of what its registry has.
      if (answer.status < 300 && expected.includes(answer.status)) {
        mirror.given.add(wanted.name);
        return watched(answer, mirror);
      }
      await answer.discard();
      mirror.broken ||= answer.status !== 404;
      mirror.failure = answer.status === 404 ? 'lacks it' : `answered ${answer.status}`;
    } catch (error) {
      if (!(error instanceof MilleError) || error.code === 'interrupted') throw error;
      mirror.broken = true;
      mirror.failure = `failed: ${error.message}`;
    }
    return undefined;
  };

  const ask = async (wanted: Wanted): Promise<Exchange> => {
    for (const mirror of mirrors) {
      // Who asks for the rest did not get all of it.
      mirror.broken ||= wanted.headers?.range !== undefined && mirror.given.has(wanted.name);
      const answer = mirror.broken ? undefined : await askMirror(mirror, wanted);
      if (answer) return answer;
    }
    try {
      return await askOwn(wanted);
    } catch (error) {
      throw withMirrors(error, mirrors);
    }
  };

  const askOwn = async (wanted: Wanted): Promise<Exchange> => {
    const { expected = [200, 206], once = false } = wanted;
    const pauses = { ...access, ...(wanted.signal ? { signal: wanted.signal } : {}) };
    for (let count = 0; ; count++) {
      const last = once || count === REPETITIONS;
      try {
        const answer = await askAt(own, wanted);
        if (expected.includes(answer.status)) return answer;
        const retryAfter = answer.header('retry-after');
        if (last || !mayPass(answer.status) || isTooLong(retryAfter))
          throw await refusal(answer, wanted, { reference, own });
        await answer.discard();
        await waitBefore(count, pauses, retryAfter);
      } catch (error) {
        // A first failure to reach a registry is not worth repeating.
        if (last || !isBroken(error) || !(own.reached || isCut(error))) throw error;
        await waitBefore(count, pauses);
      }
    }
  };
  const uploads = () => new URL(addressOf(own.endpoint, repository, 'blobs', 'uploads/'));
  return { registry, ask, next: (location, from) => own.next(location, from ?? uploads()) };
}

/** An error of a registry, with what its mirrors had to say before: one of them may be what is wrong. */
function withMirrors(error: unknown, mirrors: readonly Place[]): unknown {
  const said = mirrors.flatMap(({ connection, failure }) =>
    failure === undefined ? [] : [`its mirror ${connection.endpoint.registry} ${failure}`],
  );
  if (!(error instanceof MilleError) || error.code === 'interrupted' || said.length === 0) return error;
  const { code, message, hint, cause } = error;
  return new MilleError(code, [message, ...said].join('; '), {
    ...(hint === undefined ? {} : { hint }),
    cause,
  });
}

/** An answer of a mirror: where it breaks off, the mirror is not asked for the rest. */
function watched(answer: Exchange, mirror: Place): Exchange {
  return {
    ...answer,
    async *body() {
      try {
        yield* answer.body();
      } catch (error) {
        mirror.broken = true;
        throw error;
      }
    },
  };
}

/** A connection that failed, as opposed to an answer that says no. */
function isBroken(error: unknown): error is MilleError {
  return error instanceof MilleError && error.code === 'network' && error.cause !== undefined;
}

/** Something answered, and broke off: unlike a name that nobody has, that is worth another try. */
function isCut({ cause }: MilleError): boolean {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  return /ECONNRESET|ConnectionClosed/.test(`${code} ${message}`);
}

async function refusal(
  answer: Exchange,
  wanted: Wanted,
  { reference, own }: { readonly reference: Reference; readonly own: Connection },
): Promise<MilleError> {
  const { status } = answer;
  const { registry } = own.endpoint;
  const reason = await reasonOf(answer);
  if (status === 401 || status === 403)
    return refusedLogin(own.endpoint, own.authorization !== undefined, reason);
  if (status === 404) {
    const { kind, name } = wanted;
    const what = missing(kind, name, reference);
    return new MilleError('image-missing', `the registry ${registry} has no ${what}`, {
      hint: 'check the name and the tag',
    });
  }
  const why = reason === undefined ? '' : ` (${displayPath(reason.slice(0, 200))})`;
  const until = untilWhen(answer.header('retry-after'));
  return new MilleError('network', `the registry ${registry} answered ${status}${why}${until}`, {
    hint: status === 429 ? 'it limits how often it is asked: wait, or log in' : 'try again later',
  });
}

function missing(kind: Kind, name: string, { repository }: Reference): string {
  if (kind === 'catalogue') return 'catalogue';
  if (kind === 'tags') return `repository ${repository}`;
  if (kind === 'blobs') return `blob ${name} in ${repository}`;
  return `image ${repository}${name.startsWith('sha256:') ? '@' : ':'}${name}`;
}
