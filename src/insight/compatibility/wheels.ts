// Python wheels, by their names and tags: which C library and processor each is for (PEP 425, 600, 656).

/** What a wheel's platform says. */
export interface WheelPlatform {
  /** `any`: for every machine. */
  readonly libc: 'any' | 'glibc' | 'musl' | 'other';
  /** The oldest that will do: `2.17` of manylinux2014, `1.2` of musllinux_1_2. */
  readonly version?: string;
  /** As images call it. */
  readonly architecture?: string;
}

/** A wheel. */
export interface Wheel {
  /** The project, in lower case with hyphens. */
  readonly name: string;
  readonly version: string;
  readonly pythons: readonly string[];
  /** `abi3` and `none` go on with later versions. */
  readonly abis: readonly string[];
  readonly platforms: readonly WheelPlatform[];
}

/** A base, as far as wheels care. */
export interface WheelGround {
  readonly libc?: { readonly name: 'glibc' | 'musl'; readonly version?: string };
  readonly architecture: string;
  /** `3.12`, where it is known. */
  readonly python?: string;
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  i686: '386',
  armv7l: 'arm',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
};

/** Names that came before PEP 600, by the glibc that they ask for. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  manylinux1: '2.5',
  manylinux2010: '2.12',
  manylinux2014: '2.17',
};

/** Reads a name: `numpy-1.26.4-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`. */
export function readWheelName(file: string): Wheel | undefined {
  const match = /^([\w.]+)-([\w.!+]+?)(?:-\d\w*)?-([\w.]+)-([\w.]+)-([\w.]+)\.whl$/.exec(file);
  if (!match) return undefined;
  const [, name = '', version = '', pythons = '', abis = '', platforms = ''] = match;
  return {
    name: name.toLowerCase().replace(/[._-]+/g, '-'),
    version,
    ...{ pythons: pythons.split('.'), abis: abis.split('.') },
    platforms: platforms.split('.').map(readPlatform),
  };
}

/** Reads a platform tag: `musllinux_1_2_x86_64`. */
export function readPlatform(tag: string): WheelPlatform {
  if (tag === 'any') return { libc: 'any' };
  const modern = /^(many|musl)linux_(\d+)_(\d+)_(\w+)$/.exec(tag);
  if (modern) {
    const [, kind, major, minor, machine] = modern;
    return { libc: kind === 'many' ? 'glibc' : 'musl', version: `${major}.${minor}`, ...on(machine!) };
  }
  const old = /^(manylinux(?:1|2010|2014))_(\w+)$/.exec(tag);
  if (old) return { libc: 'glibc', version: OLD_NAMES[old[1]!]!, ...on(old[2]!) };
  // Built on a machine for itself: nobody knows of which libc.
  const plain = /^linux_(\w+)$/.exec(tag);
  return { libc: 'other', ...(plain ? on(plain[1]!) : {}) };
}

function on(machine: string): Pick<WheelPlatform, 'architecture'> {
  const architecture = ARCHITECTURES[machine];
  return architecture === undefined ? {} : { architecture };
}

/** Whether pip would take the wheel there; what is not known stands in no way. */
export function wheelFits(wheel: Wheel, ground: WheelGround): boolean {
  return pythonFits(wheel, ground) && wheel.platforms.some((platform) => platformFits(platform, ground));
}

function pythonFits({ pythons, abis }: Wheel, { python }: WheelGround): boolean {
  if (python === undefined) return true;
  const [major, minor] = python.split('.').map(Number);
  const goesOn = abis.some((abi) => abi === 'abi3' || abi === 'none');
  return pythons.some((one) => {
    const match = /^(?:py|cp)(\d)(\d*)$/.exec(one);
    if (!match || Number(match[1]) !== major) return false;
    if (match[2] === '') return true;
    return goesOn ? Number(match[2]) <= minor! : Number(match[2]) === minor;
  });
}

function platformFits(
  { libc, version, architecture }: WheelPlatform,
  { libc: own, architecture: machine }: WheelGround,
): boolean {
  if (libc === 'any') return true;
  if (libc === 'other' || architecture !== machine) return false;
  if (!own) return true;
  if (own.name !== libc) return false;
  return version === undefined || own.version === undefined || isAtLeast(own.version, version);
}

function isAtLeast(own: string, wanted: string): boolean {
  const [a, b] = [own, wanted].map((text) => text.split('.').map(Number));
  for (let i = 0; i < b!.length; i++) if ((a![i] ?? 0) !== b![i]) return (a![i] ?? 0) > b![i]!;
  return true;
}
