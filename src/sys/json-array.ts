// A long JSON array as bytes, made and read piece by piece: its items are never there all at once, nor the text as one
// string.

/** Items that are made into text at once. */
const ITEMS = 256;
/** No text in JSON has the end of a line in it: that is written otherwise. */
const SEPARATOR = ',\n';
const LINE_END = 0x0a;

/**
 * What `JSON.stringify([...head, ...items.flatMap(toValues)])` is, as UTF-8, but with a line for the head and for each of
 * many items: `readJsonArray` reads it as it was made.
 */
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
    separator = SEPARATOR;
  };
  put(head);
  for (let at = 0; at < items.length; at += ITEMS) put(items.slice(at, at + ITEMS).flatMap(toValues));
  pieces.push(encoder.encode(']'));
  return Buffer.concat(pieces);
}

/** The values of such an array, piece by piece: those of one line, or all of them where it has none. */
export function* readJsonArray(bytes: Uint8Array): Generator<unknown[], void, void> {
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(LINE_END, at);
    const stop = end < 0 ? bytes.length : end;
    // The bracket that begins it, and the comma or the bracket that ends it.
    const text = decoder.decode(bytes.subarray(at === 0 ? 1 : at, stop - 1));
    yield JSON.parse(`[${text}]`) as unknown[];
    at = stop + 1;
  }
}
