// Ages, as people write them and as messages say them.

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** Milliseconds of `24h`, `1h30m`, `7d`, `2w`; undefined for anything else. */
export function parseAge(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g))
    total += Number(number) * SECONDS[unit!]! * 1000;
  return Number.isSafeInteger(Math.round(total)) ? Math.round(total) : undefined;
}

/** An age in words, rounded down: `40 seconds`, `3 days`. Weeks from two on, since `9 days` says more than `1 week`. */
export function ageInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const units: readonly (readonly [string, number, number])[] = [
    ['week', SECONDS.w!, 14 * SECONDS.d!],
    ['day', SECONDS.d!, 2 * SECONDS.d!],
    ['hour', SECONDS.h!, 2 * SECONDS.h!],
    ['minute', 60, 120],
  ];
  const [unit, size] = units.find(([, , from]) => seconds >= from) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
