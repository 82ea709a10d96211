// Lock files that yarn and pnpm write, as trees: lines with a key and perhaps a value, indented below what they belong to.
// It is YAML of one regular kind, or nearly (yarn 1 writes no colon before values); written by programs, so that no more
// of that language is needed, and a file of a hundred thousand lines is read at once.

/** What stands below a key: the value beside it, and keys. */
export interface IndentedNode {
  readonly value: string;
  readonly below: ReadonlyMap<string, IndentedNode>;
  /** Lines `- x`. */
  readonly items: readonly string[];
}

interface Open {
  readonly indent: number;
  readonly below: Map<string, IndentedNode>;
  readonly items: string[];
}

/** Lines that are read, and how deep. */
const [MOST_LINES, MOST_DEPTH] = [1_000_000, 12];

/** Reads one. What is no such line is passed over. */
export function readIndented(text: string): IndentedNode {
  const root: Open = { indent: -1, below: new Map(), items: [] };
  const stack: Open[] = [root];
  let lines = 0;
  for (const line of text.split('\n')) {
    if (++lines > MOST_LINES) break;
    const match = /^( *)(?=[^\s#])(.*?)\s*$/.exec(line);
    if (!match || line.startsWith('---')) continue;
    const indent = match[1]!.length;
    const rest = match[2]!;
    while (stack.length > 1 && stack.at(-1)!.indent >= indent) stack.pop();
    const above = stack.at(-1)!;
    if (rest.startsWith('- ')) {
      above.items.push(unquoted(rest.slice(2).trim()));
      continue;
    }
    const pair = keyAndValue(rest);
    if (!pair || stack.length > MOST_DEPTH) continue;
    const own: Open = { indent, below: new Map(), items: [] };
    above.below.set(pair.key, { value: pair.value, below: own.below, items: own.items });
    stack.push(own);
  }
  return { value: '', below: root.below, items: root.items };
}

/** `key: value`, `key:`, `key value`; either may be quoted. */
function keyAndValue(text: string): { readonly key: string; readonly value: string } | undefined {
  const quote = text[0];
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, 1);
    // yarn 1 quotes each of several: "a@^1", "a@^2".
    if (end < 0) return undefined;
    const whole = /^((?:"[^"]*"(?:, )?)+|'[^']*'):?\s*(.*)$/.exec(text);
    if (!whole) return undefined;
    const key = whole[1]!.replaceAll(quote, '').replace(/, $/, '');
    return { key, value: unquoted(whole[2]!) };
  }
  const pair = /^([^\s:"'](?:[^:"']|:(?!\s|$))*):(?:\s+(.*))?$/.exec(text);
  if (pair) return { key: pair[1]!, value: unquoted(pair[2] ?? '') };
  // A head of yarn 1 with some names quoted and others not.
  if (text.endsWith(':')) return { key: text.slice(0, -1).replaceAll('"', ''), value: '' };
  const plain = /^(\S+)\s+(\S.*)$/.exec(text);
  return plain ? { key: plain[1]!, value: unquoted(plain[2]!) } : undefined;
}

function unquoted(text: string): string {
  const match = /^(["'])(.*)\1$/.exec(text);
  return match ? match[2]! : text;
}

/** `[x64, arm64]`, or the lines below. */
export function listOf(node: IndentedNode | undefined): readonly string[] {
  if (!node) return [];
  const flow = /^\[(.*)\]$/.exec(node.value)?.[1];
  if (flow === undefined) return node.items;
  return flow
    .split(',')
    .map((one) => unquoted(one.trim()))
    .filter((one) => one !== '');
}
