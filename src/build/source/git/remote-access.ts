// Speaking to a remote: the settings of git that carry who we are and whom we trust, and redirections, which git would
// follow with the token in its hand.

import { MilleError, redactUrls } from '../../../core/index.ts';
import { type GitAddress, plainRemote } from '../../../lang/address/index.ts';
import { CWD, checkNetwork, environment, findProgram, locate, statAt } from '../../../sys/index.ts';
import type { SourceSession } from '../session.ts';
import { authorizationFor, sameServer } from './credentials.ts';
import type { GitSetting } from './git-config.ts';
import { gitError } from './git-failure.ts';
import { type GitCall, type GitOutput, runGit } from './git-program.ts';

/** A remote as it is reached. */
export interface RemoteAccess {
  readonly address: GitAddress;
  /** Whether secrets that name no host may go there. */
  readonly trusted: boolean;
}

/** Runs git against a remote. `args` are made from the URL to use. */
export interface RemoteCall extends Omit<GitCall, 'args' | 'config' | 'env' | 'signal'> {
  readonly args: (remote: string) => readonly string[];
}

const MOST_REDIRECTIONS = 5;

/**
 * Runs git against a remote, whatever its status.
 * @throws MilleError `secret-missing` for SSH without an agent, `tool-missing`, `interrupted`, `network`
 */
export async function runRemote(
  session: SourceSession,
  access: RemoteAccess,
  call: RemoteCall,
): Promise<GitOutput & { readonly authorized: boolean }> {
  let { address, trusted } = access;
  checkNetwork(address.remote);
  for (let redirections = 0; ; redirections++) {
    const authorization = authorizationFor(address, { secrets: session.secrets.values, trusted });
    const output = await runGit({
      ...call,
      args: call.args(address.remote),
      config: authorization === undefined ? [] : headerSettings(address.remote, authorization),
      env: { ...sshVariables(session, address), ...trustVariables(await session.caFile()) },
      // The file of host keys has a short name there.
      cwd: session.store.paths.git,
      signal: session.signal,
    });
    const moved = authorization !== undefined && /returned error: 30[12378]/.test(output.stderr);
    if (output.status === 0 || !moved || redirections >= MOST_REDIRECTIONS)
      return {
        ...output,
        stderr: session.secrets.redact(output.stderr),
        authorized: authorization !== undefined,
      };
    const next = await followRedirection(session, address, authorization);
    const same = sameServer(address, next) || sameServer({ ...address, scheme: 'https' }, next);
    trusted &&= same;
    address = same && address.credentials ? { ...next, credentials: address.credentials } : next;
  }
}

/**
 * The same, and it must succeed.
 * @returns standard output
 * @throws MilleError also `network`, `disk-full`
 */
export async function mustRunRemote(
  session: SourceSession,
  access: RemoteAccess,
  call: RemoteCall,
): Promise<string> {
  const { status, stdout, stderr, authorized } = await runRemote(session, access, call);
  if (status !== 0) throw gitError({ address: access.address, stderr, authorized });
  return stdout;
}

/** Git hands a header on to wherever it is redirected: so it may not follow, and we do. */
function headerSettings(remote: string, authorization: string): GitSetting[] {
  const value = `Authorization: ${authorization}`;
  return [
    { section: 'http', subsection: remote, key: 'extraHeader', value },
    { section: 'http', key: 'followRedirects', value: 'false' },
  ];
}

async function followRedirection(
  session: SourceSession,
  address: GitAddress,
  authorization: string,
): Promise<GitAddress> {
  const suffix = '/info/refs?service=git-upload-pack';
  const location = await locate(`${address.remote}${suffix}`, {
    authorization,
    signal: session.signal,
    ...(session.ca === undefined ? {} : { ca: session.ca }),
  });
  const target = location?.endsWith(suffix) ? plainRemote(location.slice(0, -suffix.length)) : undefined;
  if (target?.scheme === 'https' || (target?.scheme === 'http' && address.scheme === 'http')) return target;
  throw new MilleError(
    'network',
    `cannot fetch ${redactUrls(address.remote)}: the server redirects elsewhere`,
    {
      hint: location === undefined ? 'look at the address in a browser' : `it says: ${redactUrls(location)}`,
    },
  );
}

/** A home directory that can be written into an option of ssh as it is. */
const PLAIN_PATH = /^\/[\w./-]+$/;

/**
 * ssh knows the agent it was given and no key of this machine. A host is believed when it is first met; its key is then
 * kept in the store, and another one is refused.
 */
function sshVariables(session: SourceSession, { scheme, remote }: GitAddress): Record<string, string> {
  if (scheme !== 'ssh') return {};
  const agent = session.agents.get('default');
  if (agent === undefined) {
    throw new MilleError('secret-missing', `${remote} is reached by SSH, and the build was given no agent`, {
      hint: 'start an agent with the key (eval "$(ssh-agent)"; ssh-add) and build with --ssh default',
    });
  }
  if (statAt(CWD, agent)?.type !== 'socket') {
    throw new MilleError('secret-missing', `no SSH agent listens at '${agent}'`, {
      hint: 'is the agent still running? ssh-add -l tells',
    });
  }
  if (findProgram('ssh') === undefined) {
    throw new MilleError('tool-missing', 'ssh, which reaches this repository, is not installed', {
      hint: 'install it (on Debian and Ubuntu: apt install openssh-client)',
    });
  }
  const home = environment().HOME ?? '';
  const known = PLAIN_PATH.test(home) ? `known_hosts ${home}/.ssh/known_hosts` : 'known_hosts';
  const settings = {
    BatchMode: 'yes',
    StrictHostKeyChecking: 'accept-new',
    UserKnownHostsFile: known,
    IdentityFile: 'none',
    ConnectTimeout: '60',
    ServerAliveInterval: '60',
    // What nobody asked for: forwarding, and settings that a server could make use of.
    ClearAllForwardings: 'yes',
    ForwardAgent: 'no',
    UpdateHostKeys: 'no',
  };
  const words = Object.entries(settings).map(([key, value]) => `-o '${key}=${value}'`);
  return {
    SSH_AUTH_SOCK: agent,
    GIT_SSH_COMMAND: `ssh -F /dev/null ${words.join(' ')}`,
    GIT_SSH_VARIANT: 'ssh',
  };
}

function trustVariables(caFile: string | undefined): Record<string, string> {
  const { SSL_CERT_FILE: own, GIT_SSL_CAINFO: gits } = environment();
  const file = caFile ?? gits ?? own;
  return file === undefined ? {} : { GIT_SSL_CAINFO: file };
}
