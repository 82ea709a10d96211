// What the use cases work with: the store, the OCI runtime, this process's privilege. Everything is opened when it
// is first asked for, and loaded only then, so that a verb that needs little starts at once; `close` ends it all.

import type { ProbeMemory, Runtime } from '../build/sandbox/index.ts';
import { displayPath, MilleError } from '../core/index.ts';
import type { Privilege, Store, StoreLimit } from '../oci/store/index.ts';
import { enterNamespaceIfNeeded, environment, privilege, workingDirectory } from '../sys/index.ts';
import { readSettings } from './settings.ts';

/**
 * How much a verb needs. `read`: look at images; a store that is not there looks empty and is not made. `files`: the
 * same, and at the files of unpacked layers and caches. `write`: change names and blobs. `container`: unpack, mount or
 * run, or remove what was unpacked. For `files` and `container` a user who is not root needs a user namespace.
 */
export type Need = 'read' | 'files' | 'write' | 'container';

/** The services of one verb. */
export interface Services {
  readonly privilege: Privilege;
  /** The store, opened on first use. @throws MilleError `store-invalid`, `disk-full`, `io` */
  store(): Promise<Store>;
  /** Called with what is done meanwhile that people may want to know; nobody by default. */
  onNotice(listener: (message: string) => void): void;
  /** The OCI runtime that works here; found out once a machine. @throws MilleError `no-runtime` */
  runtime(): Promise<Runtime>;
  /** Ends everything that was opened; twice is fine. */
  close(): void;
}

/** What to open. */
export interface ServiceOptions {
  readonly needs: Need;
  /** For verbs that show or free what a full disk is full of. */
  readonly useReserve?: boolean;
}

/**
 * Makes the services of a verb. Comes before any other work: with `container`, without root, the program starts
 * itself again in a user namespace.
 * @throws MilleError `no-namespaces`
 */
export function openServices(options: ServiceOptions): Services {
  if (options.needs === 'container' || options.needs === 'files') enterNamespaceIfNeeded();
  const kind = privilege();
  let store: Promise<Store> | undefined;
  let runtime: Promise<Runtime> | undefined;
  let opened: Store | undefined;
  let listener: (message: string) => void = () => {};
  const services: Services = {
    privilege: kind,
    store: () => {
      store ??= open(kind, options, (message) => listener(message)).then((made) => {
        opened = made;
        return made;
      });
      return store;
    },
    onNotice: (given) => {
      listener = given;
    },
    runtime: () => {
      runtime ??= services.store().then(findRuntime);
      return runtime;
    },
    close: () => opened?.close(),
  };
  return services;
}

/** Does some work with services that are closed at its end, however it ends. */
export async function withServices<T>(
  needs: Need,
  work: (services: Services) => Promise<T>,
  options: Omit<ServiceOptions, 'needs'> = {},
): Promise<T> {
  const services = openServices({ needs, ...options });
  try {
    return await work(services);
  } catch (error) {
    throw await placeOfFullDisk(services, error);
  } finally {
    services.close();
  }
}

/** A full disk with the place of the store, which is where it is full: what failed there says little to a user. */
async function placeOfFullDisk(services: Services, error: unknown): Promise<unknown> {
  if (!(error instanceof MilleError) || error.code !== 'disk-full') return error;
  const sentence = /^(no space left on device|disk quota exceeded): /.exec(error.message)?.[1];
  const root = sentence && (await services.store().catch(() => undefined))?.root;
  if (!root) return error;
  const { hint, span, output } = error;
  return new MilleError('disk-full', `${sentence}, where the store is: ${displayPath(root)}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(span === undefined ? {} : { span }),
    ...(output === undefined ? {} : { output }),
    cause: error,
  });
}

async function open(
  kind: Privilege,
  { needs, useReserve = false }: ServiceOptions,
  notice: (message: string) => void,
): Promise<Store> {
  const { defaultStoreRoot, openStore } = await import('../oci/store/index.ts');
  const env = { ...environment(), PWD: workingDirectory() };
  const root = defaultStoreRoot(env, { rootless: kind === 'rootless' });
  const readOnly = needs === 'read' || needs === 'files';
  const limit = readOnly || useReserve ? undefined : await limitOf(root, env, notice);
  return openStore(root, { privilege: kind, readOnly, useReserve, ...(limit ? { limit } : {}) });
}

/** The limit of the store, whose keeping is only loaded where there is one. */
async function limitOf(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  notice: (message: string) => void,
): Promise<((store: Store) => StoreLimit) | undefined> {
  const { maxStore } = await readSettings(root, env);
  if (maxStore === undefined) return undefined;
  const { storeLimit } = await import('./disk/limit.ts');
  let limit: StoreLimit | undefined;
  return (store) => {
    limit ??= storeLimit(store, maxStore, notice);
    return limit;
  };
}

async function findRuntime(store: Store): Promise<Runtime> {
  const { cleanLeftovers, probeRuntime } = await import('../build/sandbox/index.ts');
  if (store.privilege === 'root') cleanLeftovers();
  const memory: ProbeMemory = { get: store.getValue, set: store.setValue };
  const temporary = store.makeTemporary('probe');
  try {
    return await probeRuntime({ memory, directory: temporary.path });
  } finally {
    temporary.remove();
  }
}
