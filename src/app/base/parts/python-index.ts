// What Python package indexes have of packages: asked one page a package, as pip does, and kept for a while, for who looks at
// a Dockerfile does so more than once. Nothing but names of files is kept.

import { MilleError, redactUrls } from '../../../core/index.ts';
import { type IndexFile, readIndexPage } from '../../../insight/compatibility/index.ts';
import { CWD, download, statAt } from '../../../sys/index.ts';
import { IndexCache } from './index-cache.ts';

const ACCEPT =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1';
/** A page of those with most files has a tenth of it. */
const LARGEST = 64 * 1024 * 1024;
/** All questions together may take so long: what is not known then is told. */
const PATIENCE = 30_000;

/** How to ask. */
export interface IndexAccess {
  /** Where answers are kept. */
  readonly root: string;
  /** Addresses, logins in them as pip takes them. */
  readonly indexes: readonly string[];
  /** Why nobody may be asked. */
  readonly forbidden?: string;
  readonly ca?: string;
  readonly signal: AbortSignal;
}

/** An index, or several, asked about packages. */
export class PythonIndex {
  private readonly cache: IndexCache | undefined;
  private readonly deadline = AbortSignal.timeout(PATIENCE);
  private failure: string | undefined;

  constructor(private readonly access: IndexAccess) {
    this.cache = statAt(CWD, `${access.root}/oci-layout`) ? new IndexCache(access.root) : undefined;
  }

  /** Why nobody is asked any more. */
  get unanswered(): string | undefined {
    return this.failure;
  }

  /** All files of a package; undefined where that could not be found out. @throws MilleError `interrupted` */
  async filesOf(name: string): Promise<readonly IndexFile[] | undefined> {
    const all: IndexFile[] = [];
    let known = false;
    for (const index of this.access.indexes) {
      const files = await this.ask(index, name);
      if (files) all.push(...files);
      known ||= files !== undefined && files.length > 0;
    }
    return known ? all : undefined;
  }

  private async ask(index: string, name: string): Promise<readonly IndexFile[] | undefined> {
    const place = placeOf(index);
    if (!place) return this.fail(`${redactUrls(index)} is no address`);
    const url = `${place.url}/${name}/`;
    const { forbidden, ca, signal } = this.access;
    const kept = this.cache?.read(url);
    if (kept && (forbidden !== undefined || this.failure !== undefined || kept.fresh)) return kept.files;
    if (forbidden !== undefined) return this.fail(forbidden);
    if (this.failure !== undefined) return undefined;
    const pieces: Uint8Array[] = [];
    try {
      await download(url, {
        ...{ accept: ACCEPT, limit: LARGEST, sink: (piece: Uint8Array) => void pieces.push(piece) },
        ...(place.login === undefined ? {} : { authorization: place.login }),
        ...(ca === undefined ? {} : { ca }),
        signal: AbortSignal.any([signal, this.deadline]),
      });
      const files = readIndexPage(Buffer.concat(pieces).toString());
      this.cache?.write(url, files);
      return files;
    } catch (error) {
      if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
      if (this.deadline.aborted) return this.fail(`${redactUrls(place.url)} takes too long to answer`);
      if (!(error instanceof MilleError)) return undefined;
      if (error.code !== 'network') throw error;
      // Who answers, but has no such package, may have another.
      return error.cause === undefined ? undefined : this.fail(error.message);
    }
  }

  private fail(why: string): undefined {
    this.failure ??= why;
    return undefined;
  }
}

function placeOf(index: string): { readonly url: string; readonly login?: string } | undefined {
  const url = URL.parse(index);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const plain = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  if (username === '') return { url: plain };
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: plain, login: `Basic ${Buffer.from(login).toString('base64')}` };
}
