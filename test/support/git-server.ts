// A real git server on this machine: git's own http-backend behind an HTTP server, and repositories that tests write.
// What lies below `/private/` asks for the token, what lies below `/redirect/` is elsewhere, `/files/` are plain files;
// everything is also below `/as/ANY-NAME/`, for builders that remember addresses.

import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './docker.ts';
import { writeTree } from './mille.ts';

/** What one request was, as far as tests look at it. */
export interface SeenRequest {
  readonly path: string;
  readonly authorization: string | null;
}

export interface GitServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Requests since the last `forget`. */
  readonly seen: readonly SeenRequest[];
  forget(): void;
  /** Answers nothing any more. */
  stop(): void;
}

/** The password that `/private/` wants of `x-access-token`. */
export const TOKEN = 'glpat-0123456789-abcdef';

/** How a server is unlike others. */
export interface ServerOptions {
  /** Where `/redirect/` leads; this server if not given. */
  readonly elsewhere?: () => string;
  /** Speak the protocol of before 2018, in which only what refs point to can be asked for. */
  readonly old?: boolean;
  /** Key and certificate, in PEM form. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Called before packs are sent; they wait for it. */
  readonly beforePack?: () => Promise<void> | void;
}

/** Serves the repositories in a directory; `/dumb/` serves them as plain files. */
export function serveGit(root: string, options: ServerOptions = {}): GitServer {
  const { elsewhere, old, tls, beforePack } = options;
  const seen: SeenRequest[] = [];
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    ...(tls ? { tls } : {}),
    fetch: async (request) => {
      const url = new URL(request.url);
      const authorization = request.headers.get('authorization');
      seen.push({ path: url.pathname, authorization });
      const moved = /^\/redirect(\/.*)$/.exec(url.pathname)?.[1];
      if (moved !== undefined)
        return Response.redirect(`${elsewhere?.() ?? url.origin}${moved}${url.search}`, 302);
      if (url.pathname.startsWith('/files/')) return file(request, join(root, url.pathname));
      const secret = /^\/private(\/.*)$/.exec(url.pathname)?.[1];
      const wanted = `Basic ${btoa(`x-access-token:${TOKEN}`)}`;
      if (secret !== undefined && authorization !== wanted)
        return new Response('no', { status: 401, headers: { 'www-authenticate': 'Basic realm="git"' } });
      const dumb = /^\/dumb(\/.*)$/.exec(url.pathname)?.[1];
      if (dumb !== undefined) return file(request, join(root, dumb));
      if (url.pathname.endsWith('/git-upload-pack') && request.method === 'POST') await beforePack?.();
      const path = secret ?? url.pathname.replace(/^\/as\/[^/]+/, '');
      return await backend(request, { root, path, query: url.search.slice(1), old: old ?? false });
    },
  });
  const host = `127.0.0.1:${server.port}`;
  return {
    url: `${tls ? 'https' : 'http'}://${host}`,
    host,
    seen,
    forget: () => seen.splice(0),
    stop: () => server.stop(true),
  };
}

function file(request: Request, path: string): Response {
  try {
    const bytes = readFileSync(path);
    const etag = `"${Bun.hash(bytes)}"`;
    const headers = { etag, 'last-modified': statSync(path).mtime.toUTCString() };
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    return new Response(bytes, { headers });
  } catch {
    return new Response('nothing here', { status: 404 });
  }
}

/** One request as a CGI program gets it. */
async function backend(
  request: Request,
  { root, path, query, old }: { root: string; path: string; query: string; old: boolean },
): Promise<Response> {
  const body = new Uint8Array(await request.arrayBuffer());
  const header = (name: string) => request.headers.get(name) ?? '';
  const child = Bun.spawn(['git', 'http-backend'], {
    stdin: body,
    stdout: 'pipe',
    stderr: 'ignore',
    env: {
      ...CLEAN,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header('content-type'),
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: old ? '' : header('git-protocol'),
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  const answer = Buffer.from(await new Response(child.stdout).arrayBuffer());
  const end = answer.indexOf('\r\n\r\n');
  const lines = answer.subarray(0, Math.max(end, 0)).toString().split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => [line.split(': ')[0]!, line.split(': ')[1] ?? '']),
  );
  const status = Number.parseInt(headers.get('status') ?? '200', 10);
  headers.delete('status');
  return new Response(answer.subarray(end + 4), { status, headers });
}

const CLEAN = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'tester',
  GIT_AUTHOR_EMAIL: 'tester@example.com',
  GIT_COMMITTER_NAME: 'tester',
  GIT_COMMITTER_EMAIL: 'tester@example.com',
  GIT_AUTHOR_DATE: '2020-01-02T03:04:05Z',
  GIT_COMMITTER_DATE: '2020-01-02T03:04:05Z',
};

/** A repository being written: a work tree, and the bare one beside it that is served. */
export interface WrittenRepository {
  /** Of the work tree. */
  readonly directory: string;
  readonly bare: string;
  git(...args: readonly string[]): string;
  /** Writes files and commits all there is. @returns the commit's id */
  commit(message: string, files?: Parameters<typeof writeTree>[1]): string;
  /** Sends branches and tags to the bare one. */
  push(...refspecs: readonly string[]): void;
}

/** Makes `NAME.git` below `root`, empty, its HEAD on `main`. */
export function makeRepository(
  root: string,
  name: string,
  format: 'sha1' | 'sha256' = 'sha1',
): WrittenRepository {
  const directory = join(root, 'work', name);
  const bare = join(root, `${name}.git`);
  mkdirSync(directory, { recursive: true });
  const run = (args: readonly string[], cwd: string): string => {
    const { status, stdout, stderr } = command(['git', ...args], { cwd, env: CLEAN });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.toString().trim();
  };
  const init = ['init', '-q', '-b', 'main', `--object-format=${format}`];
  run([...init, '--bare', bare], root);
  run([...init, directory], root);
  const git = (...args: readonly string[]) => run(args, directory);
  return {
    directory,
    bare,
    git,
    commit: (message, files = {}) => {
      for (const path of Object.keys(files)) rmSync(join(directory, path), { recursive: true, force: true });
      writeTree(directory, files);
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    push: (...refspecs) => {
      git('push', '-q', '--force', bare, ...refspecs);
    },
  };
}

/** Puts a submodule at a path, at a commit, without asking the URL for anything. */
export function addSubmodule(
  repository: WrittenRepository,
  submodule: {
    readonly path: string;
    readonly url: string;
    readonly commit: string;
    readonly update?: string;
  },
): void {
  const { path, url, commit, update } = submodule;
  const set = (key: string, value: string) =>
    repository.git('config', '-f', '.gitmodules', `submodule.${path}.${key}`, value);
  set('path', path);
  set('url', url);
  if (update !== undefined) set('update', update);
  repository.git('add', '.gitmodules');
  repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},${path}`);
  mkdirSync(join(repository.directory, path), { recursive: true });
}
