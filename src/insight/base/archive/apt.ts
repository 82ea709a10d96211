// apt in a place of its own: the package lists of an archive, for any architecture, without touching what this machine
// has installed and without its settings, except those by which it reaches mirrors.

import { MilleError, redactUrls } from '../../../core/index.ts';
import { findProgram, makeDirectories, writeFileAtomically } from '../../../sys/index.ts';
import { type AptSource, formatSources } from '../apt-source.ts';
import type { Distribution } from '../choose-sources.ts';
import { explainFailure } from '../failure.ts';
import { cEnvironment } from '../host-apt.ts';
import { lineSplitter, spawnStoppable } from '../stoppable.ts';

/** What the lists are of. */
export interface AptRequest {
  readonly distribution: Distribution;
  readonly suite: string;
  /** dpkg's name of it: `amd64`. */
  readonly architecture: string;
  readonly sources: readonly AptSource[];
  /** Settings by which mirrors are reached, as lines of an apt configuration file. */
  readonly reach: string;
  /** Absolute path of a directory that is the caller's own. */
  readonly directory: string;
  readonly signal?: AbortSignal;
}

/** apt, set up. */
export interface Apt {
  readonly request: AptRequest;
  /**
   * Runs `apt-get`, `apt-cache` or `apt-helper`. @returns what it printed
   * @throws MilleError `tool-missing`, `tool-failed`, `interrupted`
   */
  run(
    program: 'apt-get' | 'apt-cache' | 'apt-helper',
    args: readonly string[],
    onLine?: (line: string) => void,
  ): Promise<string>;
}

/** More output than the stanzas of some thousand packages. */
const MOST_OUTPUT = 64 << 20;
const KEPT_LINES = 400;

/** Writes the configuration; nothing is fetched. */
export function setUpApt(request: AptRequest): Apt {
  const { directory, sources } = request;
  for (const name of ['lists/partial', 'cache/archives/partial', 'none', 'state'])
    makeDirectories(`${directory}/${name}`, 0o700);
  writeFileAtomically(`${directory}/status`, '');
  writeFileAtomically(`${directory}/archive.sources`, formatSources(sources));
  writeFileAtomically(`${directory}/apt.conf`, configuration(request));
  return { request, run: (program, args, onLine = () => {}) => run(request, [program, ...args], onLine) };
}

/** Where the machine's logins for mirrors and the keys it trusts stay what they are; all else is ours. */
function configuration({ directory, architecture, reach }: AptRequest): string {
  const none = `${directory}/none`;
  const places: Record<string, string> = {
    Dir: `${directory}/`,
    'Dir::State': `${directory}/state`,
    'Dir::State::status': `${directory}/status`,
    'Dir::State::lists': `${directory}/lists`,
    'Dir::Cache': `${directory}/cache`,
    'Dir::Etc::sourcelist': `${directory}/archive.sources`,
    'Dir::Etc::sourceparts': none,
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': none,
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': none,
    'Dir::Etc::netrc': '/etc/apt/auth.conf',
    'Dir::Etc::netrcparts': '/etc/apt/auth.conf.d',
    'Dir::Etc::trusted': '/etc/apt/trusted.gpg',
    'Dir::Etc::trustedparts': '/etc/apt/trusted.gpg.d',
    'APT::Architecture': architecture,
    'APT::Install-Recommends': 'false',
    // The directory is only readable for whoever runs this.
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
  };
  const lines = Object.entries(places).map(([name, value]) => `${name} "${value}";\n`);
  return `${lines.join('')}APT::Architectures { "${architecture}"; };\n${reach}`;
}

async function run(
  request: AptRequest,
  [name, ...args]: readonly string[],
  onLine: (line: string) => void,
): Promise<string> {
  const program = findProgram(name!) ?? findHelper(name!);
  if (!program)
    throw new MilleError('tool-missing', `${name}, which reads package archives, is not installed`, {
      hint: 'apt install apt',
    });
  const decoder = new TextDecoder();
  let output = '';
  const lines: string[] = [];
  let length = 0;
  const onText = lineSplitter((line) => {
    const clean = redactUrls(line);
    lines.push(clean);
    if (lines.length > KEPT_LINES) lines.shift();
    onLine(clean);
  });
  const result = await spawnStoppable(
    [program, ...args],
    {
      env: {
        ...cEnvironment(),
        APT_CONFIG: `${request.directory}/apt.conf`,
        DEBIAN_FRONTEND: 'noninteractive',
      },
      cwd: request.directory,
      onStdout: (chunk) => {
        length += chunk.length;
        if (length <= MOST_OUTPUT) output += decoder.decode(chunk, { stream: true });
        onText(chunk);
      },
      onStderr: onText,
    },
    request.signal,
  );
  if (request.signal?.aborted)
    throw new MilleError('interrupted', 'interrupted while packages were looked for');
  if (result.status !== 0) {
    const how = result.signal ? `killed by ${result.signal}` : `exit status ${result.status}`;
    throw explainFailure(lines, request, { program: name!, how });
  }
  if (length > MOST_OUTPUT) throw new MilleError('tool-failed', `${name} printed more than can be read`);
  return output + decoder.decode();
}

function findHelper(name: string): string | undefined {
  return name === 'apt-helper' ? findProgram('../lib/apt/apt-helper') : undefined;
}
