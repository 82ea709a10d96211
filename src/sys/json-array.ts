// A long JSON array as bytes, made piece by piece: its items are never there all at once, nor the text as one string.

const PIECE = 1 << 16;
const encoder = new TextEncoder();

/** What `JSON.stringify([...head, ...items.flatMap(toValues)])` is, as UTF-8; each item has a value at least. */
export function jsonArray<T>(
  head: readonly unknown[],
  items: readonly T[],
  toValues: (item: T) => readonly unknown[],
): Uint8Array {
  let out = new Uint8Array(PIECE);
  let used = 0;
  const put = (text: string) => {
    // A character takes three bytes at most.
    if (out.length - used < text.length * 3) {
      const larger = new Uint8Array(Math.max(out.length * 2, used + text.length * 3));
      larger.set(out.subarray(0, used));
      out = larger;
    }
    used += encoder.encodeInto(text, out.subarray(used)).written;
  };
  let text = JSON.stringify(head).slice(0, -1);
  let separator = head.length > 0 ? ',' : '';
  for (const item of items) {
    text += separator + JSON.stringify(toValues(item)).slice(1, -1);
    separator = ',';
    if (text.length < PIECE) continue;
    put(text);
    text = '';
  }
  put(`${text}]`);
  return out.subarray(0, used);
}
