// Truth as Docker's flags write it.

/** The words that Go's strconv.ParseBool knows; undefined for any other. */
export function readBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined;
}
