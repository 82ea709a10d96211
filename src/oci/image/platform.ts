// Platforms as Docker's users write them (`linux/amd64`, `arm64`, `linux/arm/v7`), normalised as containerd does.

import { MilleError } from '../../core/index.ts';
import type { Platform } from './documents.ts';

const ALIASES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  x64: 'amd64',
  aarch64: 'arm64',
  i386: '386',
  ia32: '386',
  armhf: 'arm/v7',
  armel: 'arm/v6',
};

const ARCHITECTURES = new Set([
  '386',
  'amd64',
  'arm',
  'arm64',
  'loong64',
  'mips64le',
  'ppc64le',
  'riscv64',
  's390x',
]);

/** Parses `os/arch[/variant]`, `os` alone or `arch` alone, the rest taken from `host`. */
export function parsePlatform(text: string, host: Platform): Platform {
  const parts = text.toLowerCase().split('/');
  const bad = new MilleError('platform-unsupported', `malformed platform '${text}'`, {
    hint: "write it as os/architecture[/variant], for example 'linux/amd64'",
  });
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part))) throw bad;
  if (parts.length === 1) {
    const only = parts[0]!;
    if (only === 'local') return host;
    if (isArchitecture(only)) return withArchitecture(host.os, only);
    return { ...host, os: only };
  }
  if (!isArchitecture(parts[1]!)) throw bad;
  return withArchitecture(parts[0]!, parts[1]!, parts[2]);
}

function isArchitecture(word: string): boolean {
  return ARCHITECTURES.has(word) || word in ALIASES;
}

function withArchitecture(os: string, word: string, variant?: string): Platform {
  const [architecture, implied] = (ALIASES[word] ?? word).split('/') as [string, string?];
  const given = variant ?? implied;
  // v8 is arm64's only variant and v1 is amd64's base: both are left out, as containerd does.
  const plain = (architecture === 'arm64' && given === 'v8') || (architecture === 'amd64' && given === 'v1');
  if (architecture === 'arm') return { os, architecture, variant: given ?? 'v7' };
  return given === undefined || plain ? { os, architecture } : { os, architecture, variant: given };
}

/** `linux/arm64`, the inverse of `parsePlatform`. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}

/** Whether an image of one platform is what was asked for. */
export function samePlatform(a: Platform, b: Platform): boolean {
  return formatPlatform(a) === formatPlatform(b);
}
