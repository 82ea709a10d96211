// A web server on this machine for cases that download something. A case with files in `served/` or a `served.json` is
// given its address as the build argument `SERVER`; the address is `$SERVER` in what is recorded.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `served.json` says of a path (with its query); a file of `served/` needs no entry. */
interface Answer {
  readonly status?: number;
  /** `$SERVER` in them is the case's address. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Name of a file in `served/`, where it is not the path's. */
  readonly file?: string;
}

/** Says what a case's folder has for its server. */
export const SERVED = 'served';
export const ANSWERS = 'served.json';

/** A running server. */
export interface Server {
  /** The address of a case, without a slash at its end. */
  address(name: string): string;
  stop(): void;
}

/** @param directory where `NAME.served/` holds the files of each case, and `NAME.served.json` its answers */
export function startServer(directory: string): Server {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch({ url }) {
      const { pathname, search } = new URL(url);
      const name = pathname.split('/')[1] ?? '';
      const path = pathname.slice(name.length + 1);
      const answers = join(directory, `${name}.${ANSWERS}`);
      const known: Record<string, Answer> = existsSync(answers)
        ? JSON.parse(readFileSync(answers, 'utf8').replaceAll('$SERVER', address(name)))
        : {};
      const answer = known[path + search] ?? known[path] ?? {};
      const file = join(directory, `${name}.${SERVED}`, decodeURIComponent(answer.file ?? path));
      const body = answer.body ?? (existsSync(file) ? Bun.file(file) : undefined);
      const status = answer.status ?? (body === undefined ? 404 : 200);
      return new Response(body ?? '', { status, headers: answer.headers ?? {} });
    },
  });
  const address = (name: string) => `http://127.0.0.1:${server.port}/${name}`;
  return { address, stop: () => void server.stop(true) };
}
