// How a secret is spoken of. Of tokens whose beginning says what they are, that beginning is shown; of all else nothing.

/** Beginnings that are no part of what is secret: they are the same for everybody. */
const PUBLIC_BEGINNING =
  /^(?:gh[pousr]_|github_pat_|glpat-|npm_|pypi-|xox[abeporsx]-|xapp-|sk-ant-|sk-proj-|sk_(?:live|test)_|rk_(?:live|test)_|AKIA|ASIA|AIza|dckr_pat_|hvs\.|hvb\.|hf_|gsk_|SG\.|shp(?:at|ca|pa|ss)_|glsa_|glc_|figd_|lin_api_|ntn_|dapi|tskey-|eyJ|AGE-SECRET-KEY-1|ops_)/;

/** A value as it may be shown: `ghp_…(40 characters)`, a kind of key, or `***`. */
export function redact(value: string): string {
  const key = /^-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?)-----/.exec(value);
  if (key) return key[1]!.toLowerCase();
  const beginning = PUBLIC_BEGINNING.exec(value)?.[0];
  // What is hardly longer than its beginning would be told by it and its length.
  if (beginning !== undefined && value.length >= beginning.length + 16)
    return `${beginning}…(${value.length} characters)`;
  return '***';
}
