// An archive in Ubuntu's form for tests: a suite with its updates and its security fixes, components, signed with a key made
// for it. Served by a loopback port, it plays the part of the archive or of the ports.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDeb, run, type TinyPackage } from './apt-repository.ts';
import { command } from './docker.ts';

/** What lies in a suite: packages by component. */
export type Suites = Readonly<Record<string, Readonly<Record<string, readonly TinyPackage[]>>>>;

/** A key, and its public half as apt takes it. */
export interface ArchiveKey {
  readonly home: string;
  readonly keyring: string;
}

/** Makes one. Its agent ends with it: call `forgetKey`. */
export function makeKey(home: string): ArchiveKey {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  gpg(home, ['--passphrase', '', '--quick-gen-key', 'archive@example.org', 'ed25519', 'sign', 'never']);
  const keyring = join(home, 'ring.gpg');
  gpg(home, ['--output', keyring, '--export']);
  return { home, keyring };
}

/** Ends the agent that holds it. */
export function forgetKey({ home }: ArchiveKey): void {
  command(['gpgconf', '--homedir', home, '--kill', 'all']);
}

/** Fills a directory with the suites, each signed. */
export function makeSuites(
  directory: string,
  suites: Suites,
  { key, architectures }: { readonly key: ArchiveKey; readonly architectures: readonly string[] },
): void {
  for (const [suite, components] of Object.entries(suites)) {
    const dist = join(directory, 'dists', suite);
    for (const [component, packages] of Object.entries(components)) {
      const pool = join('pool', suite, component);
      mkdirSync(join(directory, pool), { recursive: true });
      for (const one of packages) makeDeb(one, join(directory, pool));
      for (const architecture of architectures) {
        const index = join(dist, component, `binary-${architecture}`);
        mkdirSync(index, { recursive: true });
        writeFileSync(
          join(index, 'Packages'),
          run(['dpkg-scanpackages', '--arch', architecture, pool], directory),
        );
      }
    }
    writeFileSync(join(dist, 'Release'), releaseOf(dist, suite, { components, architectures }));
    gpg(key.home, ['--clearsign', '--output', join(dist, 'InRelease'), join(dist, 'Release')]);
  }
}

function releaseOf(
  dist: string,
  suite: string,
  { components, architectures }: { readonly components: object; readonly architectures: readonly string[] },
): string {
  const lists = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('Packages'),
  );
  const sums = lists.map((path) => {
    const bytes = readFileSync(join(dist, path));
    return ` ${createHash('sha256').update(bytes).digest('hex')} ${bytes.length} ${path}\n`;
  });
  return [
    `Origin: Ubuntu\nLabel: Ubuntu\nSuite: ${suite}\nCodename: ${suite.replace(/-.*/, '')}\n`,
    `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}\nArchitectures: ${architectures.join(' ')}\n`,
    `Components: ${Object.keys(components).join(' ')}\nSHA256:\n${sums.join('')}`,
  ].join('');
}

function gpg(home: string, args: readonly string[]): void {
  const how = ['--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--homedir', home];
  const { status, stderr } = command(['gpg', ...how, ...args]);
  if (status !== 0) throw new Error(`gpg ${args.join(' ')}: ${stderr}`);
}

/** Serves a directory; names of requested paths are kept. */
export function serveDirectory(directory: string): {
  readonly url: string;
  readonly asked: readonly string[];
  stop(): void;
} {
  const asked: string[] = [];
  const server = Bun.serve({
    ...{ hostname: '127.0.0.1', port: 0 },
    async fetch(request) {
      const path = decodeURIComponent(new URL(request.url).pathname);
      asked.push(path);
      const file = Bun.file(join(directory, path));
      return !path.includes('..') && (await file.exists())
        ? new Response(file)
        : new Response('', { status: 404 });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, asked, stop: () => void server.stop(true) };
}
