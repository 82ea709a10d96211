// A long JSON array as bytes, made piece by piece: its items are never there all at once, nor the text as one string.

/** Items that are made into text at once. */
const ITEMS = 256;

/** What `JSON.stringify([...head, ...items.flatMap(toValues)])` is, as UTF-8. */
export function jsonArray<T>(
  head: readonly unknown[],
  items: readonly T[],
  toValues: (item: T) => readonly unknown[],
): Uint8Array {
  const encoder = new TextEncoder();
  const pieces = [encoder.encode('[')];
  let separator = '';
  const put = (values: readonly unknown[]) => {
    if (values.length === 0) return;
    pieces.push(encoder.encode(separator + JSON.stringify(values).slice(1, -1)));
    separator = ',';
  };
  put(head);
  for (let at = 0; at < items.length; at += ITEMS) put(items.slice(at, at + ITEMS).flatMap(toValues));
  pieces.push(encoder.encode(']'));
  return Buffer.concat(pieces);
}
