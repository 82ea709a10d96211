// How evidence is spoken of.

/** `3.4 s`, `0.08 s`, `240 s`. */
export function inSeconds(seconds: number): string {
  if (seconds >= 100) return `${Math.round(seconds)} s`;
  return `${seconds >= 1 ? seconds.toFixed(1) : seconds.toFixed(2)} s`;
}

/** `a, b and c`; of many the first. */
export function inWords(names: readonly string[], most = 4): string {
  const shown =
    names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown.join('');
}

/** What a RUN says, on one line and not too long. */
export function shortened(text: string, most = 60): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** The command of a RUN, by what its step is called: `[2/5] RUN make` or `RUN make`. */
export function commandOfTitle(title: string): string {
  return title.replace(/^(?:\[[^\]]*\] )?(?:RUN )?/, '');
}
