// The strings of a program taken apart: compilers of Go and Rust put them one after another, with nothing between them,
// so that a token has letters before it and behind it.

/** How tokens begin that are long enough to be told from words. */
const BEGINNING = [
  ...['gh[pousr]_', 'github_pat_', 'glpat-', 'npm_', 'xox[abpors]-', 'xapp-', 'dckr_pat_', 'hv[sbr]\\.'],
  ...['sk-ant-', 'sk-proj-', 'sk-(?=[A-Za-z0-9]{20}T3BlbkFJ)', '[sr]k_(?:live|test)_', 'pypi-AgE'],
  ...['A[KS]IA(?=[A-Z2-7]{16})', 'AIza', 'hf_(?=[A-Za-z]{34})', 'gsk_', 'SG\\.', 'shp(?:at|ca|pa|ss)_'],
  ...['gl(?:sa|c)_', 'figd_', 'lin_api_', 'ntn_', 'dapi(?=[0-9a-f]{32})', 'tskey-', 'ops_ey'],
  ...['eyJhbGciOi', 'eyJ0eXAiOi', 'cf(?:k|ut|at)_', 'vc[piark]_', 'AGE-SECRET-KEY-1'],
].join('|');
const BEFORE_TOKEN = new RegExp(`(?<=[\\w-])(?=(?:${BEGINNING})[\\w-]{12})`, 'g');
const BEFORE_ADDRESS =
  /(?<=[\w.+-])(?=(?:https?|postgres(?:ql)?|mysql|mongodb|rediss?|amqps?|ftp):\/\/[^\s/@]{1,300}@)/gi;
/** Tokens of a length that is always the same. */
const TOKEN =
  /(?:gh[pousr]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}|A[KS]IA[A-Z2-7]{16}|AIza[\w-]{35}|glpat-[\w-]{20}|hf_[A-Za-z]{34}|dapi[0-9a-f]{32}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|SG\.[\w-]{22}\.[\w-]{43})(?=[\w-])/g;

/** A text with blanks put in, and where its characters were before. */
export interface ApartText {
  readonly text: string;
  /** The place in the original of a place in the text. */
  original(at: number): number;
}

/** Puts a blank before and behind what looks like a token. */
export function apart(text: string): ApartText {
  const cuts = new Set<number>();
  for (const pattern of [BEFORE_TOKEN, BEFORE_ADDRESS])
    for (const { index } of text.matchAll(pattern)) if (!inBase64(text, index)) cuts.add(index);
  for (const { index, 0: token } of text.matchAll(TOKEN))
    if (!inBase64(text, index)) cuts.add(index + token.length);
  const sorted = [...cuts].sort((a, b) => a - b);
  const parts = [0, ...sorted].map((from, i) => text.slice(from, sorted[i]));
  return {
    text: parts.join(' '),
    original: (at) => at - sorted.filter((cut, before) => cut + before < at).length,
  };
}

/** Characters of base64 in a row that no strings make. */
const LONGEST_RUN = 80;

/** In what is encoded every short beginning is found sooner or later. */
function inBase64(text: string, at: number): boolean {
  if (!/[A-Za-z0-9]/.test(text[at] ?? '')) return false;
  const before = /[A-Za-z0-9+/]*$/.exec(text.slice(Math.max(0, at - LONGEST_RUN), at))![0].length;
  const after = /^[A-Za-z0-9+/]*/.exec(text.slice(at, at + LONGEST_RUN))![0].length;
  return before + after >= LONGEST_RUN;
}
