// The keys that move in every list.

/** Where a key leads from a row; undefined for a key that moves nothing. */
export function moved(
  key: string,
  at: number,
  { rows, page }: { readonly rows: number; readonly page: number },
): number | undefined {
  const to = target(key, at, rows, Math.max(1, page - 1));
  return to === undefined ? undefined : Math.max(0, Math.min(to, rows - 1));
}

function target(key: string, at: number, rows: number, page: number): number | undefined {
  switch (key) {
    case 'up':
    case 'k':
      return at - 1;
    case 'down':
    case 'j':
      return at + 1;
    case 'pageup':
    case 'ctrl-b':
      return at - page;
    case 'pagedown':
    case 'ctrl-f':
      return at + page;
    case 'ctrl-u':
      return at - Math.ceil(page / 2);
    case 'ctrl-d':
      return at + Math.ceil(page / 2);
    case 'home':
    case 'g':
      return 0;
    case 'end':
    case 'G':
      return rows - 1;
    default:
      return undefined;
  }
}
