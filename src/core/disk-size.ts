// Sizes on a disk as people write and read them. Decimal units, as sizes are shown: `10GB` is what `mille df` calls 10GB.

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  p: 1e15,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4,
  pi: 1024 ** 5,
};

/** Bytes of `20GB`, `1.5g`, `512MiB`, `1000000`; undefined for anything else. */
export function parseDiskSize(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,9})?) ?([kmgtp]i?)?b?$/i.exec(text.trim());
  if (!match) return undefined;
  const bytes = Math.floor(Number(match[1]) * UNITS[(match[2] ?? '').toLowerCase()]!);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

const SHOWN = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/** `12.3MB`, `1.2kB`, `0B`: decimal units and three significant digits, as Docker prints them. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 would round to the next unit's 1000: it is shown in that unit.
  while (value >= 999.5 && unit < SHOWN.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))}${SHOWN[unit]}`;
}
