// Durations as Go writes them (`1m30s`, `time.ParseDuration`). Arithmetic is Go's own, to the nanosecond: whole
// numbers up to 64 bits, fractions by way of a double.

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const LARGEST = 2n ** 63n;

/** Nanoseconds of a duration; undefined when it is none, or is longer than 292 years. */
export function parseDuration(text: string): number | undefined {
  const negative = text.startsWith('-');
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return 0;
  if (unsigned === '') return undefined;
  const part = /(?:([0-9]+)\.?([0-9]*)|\.([0-9]+))(ns|us|µs|μs|ms|s|m|h)/y;
  let total = 0n;
  while (part.lastIndex < unsigned.length) {
    const match = part.exec(unsigned);
    if (!match) return undefined;
    const [, whole = '0', behind = '', alone = ''] = match;
    const unit = UNITS[match[4] as string] as bigint;
    total += BigInt(whole) * unit + fraction(behind || alone, unit);
    if (total > LARGEST) return undefined;
  }
  if (total === LARGEST && !negative) return undefined;
  return Number(negative ? -total : total) || 0;
}

/** The part of a unit that digits behind a point are. Those that no 64 bits hold are left out. */
function fraction(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (value > (LARGEST - 1n) / 10n || next > LARGEST) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}
