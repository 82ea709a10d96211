// Text that a program wrote, made safe to show: a RUN must not be able to move the cursor, set the window's title or
// hide what it printed. Colours go too: they'd bleed into our own lines.

import { redactUrls } from '../../core/index.ts';

// CSI, then OSC/DCS/PM/APC/SOS strings up to their end, then two-character escapes; 8-bit forms as well.
const ESCAPES =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/g;

/**
 * One line of output without control characters and without passwords in URLs. A carriage return begins the line anew, as on a terminal (progress
 * bars leave their last state); tabs become spaces.
 */
export function sanitizeLine(text: string): string {
  const line = redactUrls(text);
  if (/^[\x20-\x7e]*$/.test(line)) return line;
  const plain = line.replace(ESCAPES, '').replace(/\r+$/, '');
  const visible = plain.slice(plain.lastIndexOf('\r') + 1);
  return visible
    .replace(/\t/g, '    ')
    .replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(LONE_SURROGATES, '\ufffd');
}

const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text that UTF-8 can hold. */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATES, '\ufffd');
}

/** A title or message on one line: line breaks become spaces. */
export function oneLine(text: string): string {
  return sanitizeLine(text.replace(/\s*[\r\n]+\s*/g, ' '));
}
