// Texts of users inside messages.

/** A text in double quotes, control characters escaped; a long one is cut, so that a message stays one to be read. */
export function quote(text: string, longest = 100): string {
  return JSON.stringify(shorten(text, longest));
}

/** The same without quotes, for names that a message shows as they are. */
export function shorten(text: string, longest = 100): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
