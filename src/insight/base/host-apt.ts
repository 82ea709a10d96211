// What this machine's apt knows: its package sources, proxies and architecture. Reads only.

import { decodePath } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  environment,
  findProgram,
  isErrno,
  listDirectory,
  O,
  openAt,
  readSmallFile,
  spawn,
} from '../../sys/index.ts';
import { type AptSource, parseListFile, parseSourcesFile } from './apt-source.ts';
import type { HostSources } from './choose-sources.ts';

const LIMIT = 1 << 20;
const APT = '/etc/apt';

/** Reads the sources in `sources.list` and `sources.list.d`, and what distribution the host runs. */
export function readHostSources(): HostSources {
  const release = new Map(
    (readText('/etc/os-release') ?? '').split('\n').flatMap((line) => {
      const match = /^(\w+)="?([^"]*)"?$/.exec(line);
      return match ? [[match[1]!, match[2]!] as const] : [];
    }),
  );
  const codename = release.get('VERSION_CODENAME');
  const directory = `${APT}/sources.list.d`;
  const files = listNames(directory).flatMap((name) =>
    name.endsWith('.list') || name.endsWith('.sources') ? [readSourcesFile(`${directory}/${name}`)] : [],
  );
  return {
    distribution: release.get('ID') ?? '',
    ...(codename ? { codename } : {}),
    sources: [readSourcesFile(`${APT}/sources.list`), ...files].flat(),
  };
}

/** Reads one file of sources in the form that its name tells, or, for other names, that its content shows. */
export function readSourcesFile(path: string): AptSource[] {
  const text = readText(path) ?? '';
  const deb822 = path.endsWith('.sources') || (!path.endsWith('.list') && /^Types\s*:/im.test(text));
  return (deb822 ? parseSourcesFile(text) : parseListFile(text)).map(resolveMirrorList);
}

/** Cloud images name their mirrors in a file of their own (`mirror+file:`), which the image would not have. */
function resolveMirrorList(source: AptSource): AptSource {
  const list = /^mirror\+file:(?:\/\/)?(\/.*)$/.exec(source.uri)?.[1];
  if (!list) return source;
  const first = (readText(list) ?? '').split('\n').find((line) => /^\s*[a-z]+:/i.test(line));
  const uri = first?.trim().split(/\s+/)[0]?.replace(/\/+$/, '');
  return uri ? { ...source, uri } : source;
}

/** Settings by which apt reaches the mirrors here: proxies, certificates, whether the date of an archive counts. */
const REACH =
  /^(Acquire::(https?|ftp|socks|tor)(::[^ ]*)?::(Proxy|Proxy-Auto-Detect|CaInfo|CaPath|Verify-Peer|Verify-Host|SslCert|SslKey|Timeout)[^ ]*|Acquire::(Check-Valid-Until|Check-Date|Max-FutureTime|Retries|ForceIPv4|ForceIPv6)) "[^"]*[^"\s][^"]*";$/;

/** apt's settings of that kind, as lines of an apt configuration file. May hold passwords. */
export async function readReachSettings(): Promise<string> {
  const dump = await outputOf(['apt-config', 'dump']);
  return dump
    .split('\n')
    .filter((line) => REACH.test(line))
    .map((line) => `${line}\n`)
    .join('');
}

/** dpkg's name of this machine's architecture, such as `amd64`. */
export async function hostArchitecture(): Promise<string> {
  return (await outputOf(['dpkg', '--print-architecture'])).trim();
}

async function outputOf(command: readonly string[]): Promise<string> {
  const program = findProgram(command[0]!);
  if (!program) return '';
  const chunks: Uint8Array[] = [];
  await spawn([program, ...command.slice(1)], {
    env: cEnvironment(),
    onStdout: (chunk) => chunks.push(chunk.slice()),
    onStderr: () => {},
  });
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
}

/** This process's variables with messages in English and nothing that moves apt or the times of the files. */
export function cEnvironment(): Record<string, string> {
  const kept = Object.entries(environment()).filter(
    ([name, value]) =>
      value !== undefined && !/^(LC_.*|LANG|LANGUAGE|APT_CONFIG|SOURCE_DATE_EPOCH)$/.test(name),
  );
  return { ...(Object.fromEntries(kept) as Record<string, string>), LC_ALL: 'C.UTF-8' };
}

/** A text file's content; undefined where there is none or it may not be read. */
function readText(path: string): string | undefined {
  const bytes = readBytes(path);
  return bytes === undefined ? undefined : decodePath(bytes);
}

/** A small file's content; undefined where there is none or it may not be read. */
export function readBytes(path: string): Uint8Array | undefined {
  try {
    return readSmallFile(CWD, path, LIMIT);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR')) return undefined;
    throw error;
  }
}

function listNames(directory: string): string[] {
  let fd: number;
  try {
    fd = openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return [];
    throw error;
  }
  try {
    return listDirectory(fd);
  } finally {
    closeFd(fd);
  }
}
