// A real Docker to compare with: the daemon that MILLE_TEST_DOCKER_HOST names (for example a current one), else
// Debian's own, started for the test run in a directory of its own, without network bridge, and stopped at its end.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A running daemon. */
export interface Docker {
  readonly host: string;
  /** Server version, `28.5.2`. */
  readonly version: string;
  /** Whether the server's BuildKit knows the whole language (23 and later). */
  readonly current: boolean;
  run(
    args: readonly string[],
    options?: { cwd?: string; stdin?: Uint8Array; env?: Readonly<Record<string, string>> },
  ): CommandResult;
  stop(): Promise<void>;
}

/** What a command left. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end, output captured. */
export function command(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string | undefined>; stdin?: Uint8Array } = {},
): CommandResult {
  const result = Bun.spawnSync([...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
    stdin: options.stdin ?? null,
    stdout: 'pipe',
    stderr: 'pipe',
  });
  return { status: result.exitCode, stdout: Buffer.from(result.stdout), stderr: result.stderr.toString() };
}

/** Starts or finds a daemon; undefined, with the reason on the console, where there is none. */
export async function findDocker(directory: string): Promise<Docker | undefined> {
  const client = ['/usr/bin/docker', '/usr/local/bin/docker'].find((path) => existsSync(path));
  if (!client) return skip('the docker client is not installed');
  const given = process.env.MILLE_TEST_DOCKER_HOST;
  if (given) return connect(client, given, async () => {});
  if (process.getuid?.() !== 0) return skip('starting a daemon needs root');
  const daemon = ['/usr/sbin/dockerd', '/usr/bin/dockerd'].find((path) => existsSync(path));
  if (!daemon) return skip('dockerd is not installed (Debian: docker.io)');
  mkdirSync(directory, { recursive: true });
  const at = (name: string) => join(directory, name);
  const host = `unix://${at('docker.sock')}`;
  const child = Bun.spawn(
    [
      daemon,
      '--iptables=false',
      '--bridge=none',
      `--data-root=${at('data')}`,
      `--exec-root=${at('exec')}`,
      `--pidfile=${at('docker.pid')}`,
      '-H',
      host,
    ],
    { stdout: Bun.file(at('log')), stderr: Bun.file(at('log')), stdin: null },
  );
  for (let attempt = 0; attempt < 150; attempt++) {
    if (command([client, '-H', host, 'version']).status === 0) {
      return connect(client, host, async () => {
        child.kill('SIGTERM');
        await child.exited;
        rmSync(directory, { recursive: true, force: true });
      });
    }
    if (child.exitCode !== null) break;
    await Bun.sleep(200);
  }
  child.kill('SIGKILL');
  return skip(`dockerd did not start: ${readFileSync(at('log'), 'utf8').split('\n').slice(-4).join(' ')}`);
}

/** The tree of `scripts/current-docker.sh`. */
const CURRENT = process.env.MILLE_CURRENT_DOCKER ?? join(homedir(), '.cache/millefeuille/current-docker');

/** A current one that runs already: what MILLE_TEST_DOCKER_HOST names, or `scripts/current-docker.sh` has started. */
export function runningDocker(): Docker | undefined {
  const given = process.env.MILLE_TEST_DOCKER_HOST;
  const socket = join(CURRENT, 'run/docker-current.sock');
  const host = given ?? (existsSync(socket) ? `unix://${socket}` : undefined);
  if (host === undefined) return undefined;
  const current = join(CURRENT, 'usr/bin/docker');
  const client = existsSync(current) ? current : 'docker';
  // It knows its plugins by the configuration, and named contexts by buildx.
  const own = client === current ? { DOCKER_CONFIG: join(CURRENT, 'client') } : {};
  const run: Docker['run'] = (args, options = {}) =>
    command([client, '-H', host, ...args], { ...options, env: { ...options.env, ...own } });
  if (run(['buildx', 'version']).status !== 0) return undefined;
  const asked = run(['version', '--format', '{{.Server.Version}}']);
  const version = asked.stdout.toString().trim();
  if (asked.status !== 0 || Number.parseInt(version, 10) < 23) return undefined;
  return { host, version, current: true, run, stop: async () => {} };
}

function skip(reason: string): undefined {
  console.warn(`comparison with Docker skipped: ${reason}`);
  return undefined;
}

function connect(client: string, host: string, stop: () => Promise<void>): Docker | undefined {
  const asked = command([client, '-H', host, 'version', '--format', '{{.Server.Version}}']);
  if (asked.status !== 0) return skip(`no daemon answers at ${host}`);
  const version = asked.stdout.toString().trim();
  return {
    host,
    version,
    current: Number.parseInt(version, 10) >= 23,
    run: (args, options = {}) =>
      command([client, '-H', host, ...args], { ...options, env: { ...options.env, DOCKER_BUILDKIT: '1' } }),
    stop,
  };
}
