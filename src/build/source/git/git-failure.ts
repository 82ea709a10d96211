// What git says when it fails, in words of ours: what happened and what to do. Pure.

import { MilleError, redactUrls } from '../../../core/index.ts';
import { describeGit, type GitAddress } from '../../../lang/address/index.ts';

/** What is known of a fetch that failed. */
export interface GitFailure {
  readonly address: GitAddress;
  /** What git said, secrets replaced. */
  readonly stderr: string;
  /** Whether a token or password was sent. */
  readonly authorized: boolean;
}

interface Explanation {
  readonly pattern: RegExp;
  readonly why: string | ((match: RegExpExecArray) => string);
  readonly hint: string | ((failure: GitFailure) => string);
}

const TOKEN_HINT = ({ address, authorized }: GitFailure) =>
  authorized
    ? 'the token or password is not accepted for this repository, or there is none at this address'
    : `if it is private, give a token: --secret id=GIT_AUTH_TOKEN.${address.host},env=VARIABLE`;

const UNREACHED =
  'check the address and the proxy variables (HTTP_PROXY, HTTPS_PROXY, NO_PROXY); the next build tries again';

const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /could not read (Username|Password)|Authentication failed|returned error: 40[13]/,
    why: 'the server asks for a login',
    hint: TOKEN_HINT,
  },
  {
    pattern:
      /repository '[^']*' not found|returned error: 404|remote error: access denied or repository not/i,
    why: 'there is no such repository',
    hint: TOKEN_HINT,
  },
  {
    pattern: /Permission denied \(|Too many authentication failures/,
    why: 'no key of the SSH agent is accepted',
    hint: "add the key to the agent (ssh-add FILE; 'ssh-add -l' lists them) and build with --ssh default",
  },
  {
    pattern: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/,
    why: 'the host is not the one it was: its key has changed',
    hint: 'if that is meant, remove the old key: ssh-keygen -R HOST -f known_hosts, in the directory git of the store and in ~/.ssh',
  },
  {
    pattern: /certificate|SSL|TLS|gnutls/i,
    why: 'the connection cannot be made secure',
    hint: "add the authority to this machine's certificates, or name its bundle with --ca PATH",
  },
  {
    pattern:
      /Could not resolve host|Name or service not known|name resolution|No address associated|not resolve hostname/i,
    why: 'no such host is known',
    hint: UNREACHED,
  },
  {
    pattern: /Connection refused|Couldn't connect|Failed to connect/i,
    why: 'the connection was refused',
    hint: UNREACHED,
  },
  {
    pattern: /timed out|too slow|Operation too slow/i,
    why: 'the server did not answer in time',
    hint: UNREACHED,
  },
  {
    pattern: /transport '([^']*)' not allowed/,
    why: ([, name]) => `the protocol ${name} is not used`,
    hint: 'repositories are fetched by https, http, ssh or git',
  },
  {
    pattern: /No space left on device|Disk quota exceeded/,
    why: 'no space is left where the store is',
    hint: 'free some space, or point MILLE_ROOT to another place',
  },
];

/** The error for a repository that could not be fetched. */
export function gitError(failure: GitFailure): MilleError {
  const name = describeGit({ ...failure.address, ref: '', subdir: '' });
  for (const { pattern, why, hint } of EXPLANATIONS) {
    const match = pattern.exec(failure.stderr);
    if (!match) continue;
    const code = pattern.source.startsWith('No space') ? 'disk-full' : 'network';
    return new MilleError(code, `cannot fetch ${name}: ${typeof why === 'string' ? why : why(match)}`, {
      hint: typeof hint === 'string' ? hint : hint(failure),
    });
  }
  return new MilleError('network', `cannot fetch ${name}: git failed\n${lastWords(failure.stderr)}`, {
    hint: UNREACHED,
  });
}

const LAST_LINES = 6;

/** The lines of git that say why; progress is none. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/\d+% \(\d+\/\d+\)/.test(line));
  return redactUrls(lines.slice(-LAST_LINES).join('\n'));
}
