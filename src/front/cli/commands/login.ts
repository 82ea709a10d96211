// `mille login`.

import type { App, LoginOptions, LoginResult } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { oneLine } from '../../report/index.ts';
import { askHidden, askLine, passwordFromInput } from '../ask-login.ts';
import { command, type Host, type Input } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

const flags = {
  ca: TRANSFER_FLAGS.ca,
  password: {
    kind: 'string',
    short: 'p',
    value: 'PASSWORD',
    help: 'refused: everybody on this machine would see it; use --password-stdin',
  },
  'password-stdin': { kind: 'boolean', help: 'read the password, or a token, from standard input' },
  username: { kind: 'string', short: 'u', value: 'NAME', help: 'the user; asked for where it is not given' },
} as const;

type Specs = typeof flags;

export const login = command({
  name: 'login',
  summary: 'Keep a login for a registry, once the registry takes it',
  usage: '[FLAGS] [REGISTRY]',
  description: [
    "Without REGISTRY it is Docker's own. The login is tried at the registry before it is kept: in Docker's config.json (DOCKER_CONFIG), for its owner alone to read, or with the credential helper that credHelpers or credsStore name there. What docker login wrote is used as it is, and docker uses what this writes.",
    'On a terminal the password is asked for and not shown. Without -u, a login that there is already is tried again first. Nothing ever prints a password; on a command line everybody would see it, so --password is refused.',
  ],
  flags,
  arguments: { least: 0, most: 1 },
  docker: {
    command: 'login',
    unsupported: [],
  },
  examples: [
    { text: 'on a terminal', command: 'mille login registry.example:5000' },
    {
      text: 'in CI',
      command: 'mille login -u ci --password-stdin registry.example < token',
    },
    { text: "to Docker's own registry, with an access token", command: 'mille login -u me' },
  ],
  run: runLogin,
});

async function runLogin({ flags, args }: Input<Specs>, host: Host): Promise<number> {
  const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
  const options: LoginOptions = {
    ...(args[0] === undefined ? {} : { server: args[0] }),
    ...(ca === undefined ? {} : { ca }),
  };
  if (flags.password !== undefined) throw inTheOpen();
  if (flags['password-stdin'] && flags.username === undefined) throw withoutUser();
  const app = await host.app();
  using interruption = host.interruption();
  const { signal } = interruption;
  if (flags.username === undefined && !flags['password-stdin']) {
    const known = await tryKnown(app, options, { host, signal });
    if (known) return 0;
  }
  if (!flags['password-stdin'] && !host.terminal.stdin) throw withoutTerminal();
  const user = flags.username ?? (await askLine('Username: ', host, signal));
  const password = flags['password-stdin']
    ? await passwordFromInput()
    : await askHidden('Password: ', host, signal);
  const result = await app.login({ ...options, user: user.trim(), password }, signal);
  tell(result, host);
  return 0;
}

/** Whether the login that there is will do. */
async function tryKnown(
  app: App,
  options: LoginOptions,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
): Promise<boolean> {
  const known = await app.knownLogin(options, signal);
  if (!known) return false;
  const who = known.user === undefined ? '' : ` of ${oneLine(known.user)}`;
  if (known.accepted) {
    host.err(
      `${known.registry} takes the login${who} that there is; 'mille logout' first, or -u, for another\n`,
    );
    host.out('Login Succeeded\n');
  } else host.err(`${known.registry} does not take the login${who} any more that there is\n`);
  return known.accepted;
}

function tell({ registry, checked, path, helper, plain }: LoginResult, host: Host): void {
  if (!checked) host.err(`note: ${registry} asks nobody for a login: this one could not be tried\n`);
  if (plain) {
    host.err(
      `note: the password is in ${oneLine(path)} as good as in plain text; a credential helper (credsStore there) keeps it elsewhere\n`,
    );
  }
  host.out(
    `Login Succeeded\n${helper === undefined ? '' : `kept by docker-credential-${oneLine(helper)}\n`}`,
  );
}

function inTheOpen(): MilleError {
  return new MilleError(
    'usage',
    '--password is refused: command lines are seen by everybody on this machine',
    {
      hint: 'shells remember them too; give the password to standard input: --password-stdin',
    },
  );
}

function withoutUser(): MilleError {
  return new MilleError('usage', '--password-stdin needs --username', {
    hint: 'mille login -u USER --password-stdin REGISTRY',
  });
}

function withoutTerminal(): MilleError {
  return new MilleError('usage', 'a login can only be asked for on a terminal, and standard input is none', {
    hint: 'give the password there: mille login -u USER --password-stdin REGISTRY < FILE',
  });
}
