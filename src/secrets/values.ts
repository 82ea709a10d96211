// Values of telling names: which of them are real. `API_TOKEN=changeme` is none, `API_TOKEN=${TOKEN}` neither.

/** How much a value looks like a secret of its own. `none`: a placeholder, a reference, a word of the language. */
export type Strength = 'none' | 'weak' | 'medium' | 'strong';

const PLACEHOLDER =
  /^(?:x{3,}|\*{3,}|\.{3,}|-+|_+|none|null|nil|true|false|yes|no|on|off|undefined|empty|unset|todo|tbd|n\/a|auto|default|required|optional|string|str|int|bytes|text|char|varchar|password|passwd|secret|token|apikey|api_key|key|credentials?|username|user|admin|root|test(?:ing)?|foo|bar|baz|foobar|hidden|redacted|masked|removed|any|object|basic|bearer|file|prompt|ask|env|environment)$/i;
const TELLTALE =
  /change[-_ ]?(?:me|it|this)|your[-_ ]|my[-_ ]?(?:secret|token|password|key)\b|placeholder|example|dummy|sample|insert[-_ ]|replace[-_ ]?(?:me|with|this)|fake|not[-_ ]?a[-_ ]?(?:real|secret)|<[^>]*>|xxxx|\*\*\*\*|123456789|abcdef(?:gh|012)|lorem|redacted|todo/i;
const REFERENCE =
  /^\$|\$\{|\$\(|\{\{|%\(|%[A-Z_]+%|^@|^!|^&|^env[:.(]|^process\.|^os\.|^ENV\[|^getenv|^file:|^vault:|^arn:|^ref\+|^secret:|^op:\/\/|^data:|#\{/;

/** Whether a value stands for something else, or for nothing. */
export function isPlaceholder(value: string): boolean {
  return (
    value.trim() === '' ||
    PLACEHOLDER.test(value) ||
    TELLTALE.test(value) ||
    REFERENCE.test(value) ||
    /^(.)\1*$/.test(value)
  );
}

/** Paths, addresses, calls and names of code are values of telling names too, and no secrets. */
const CODE_LIKE =
  /^(?:~|\.{0,2}\/)|^[a-z][\w+.-]*:\/\/|[(){}[\]<>]|\s|^(?:[A-Za-z_$][\w$]*\.)+[A-Za-z_$][\w$]*$|::|=>|^[\w-]+\.(?:json|ya?ml|txt|pem|key|crt|php|js|ts|py|conf|ini)$/;

/** What a form of a web application wants of a field, as Laravel has it: `required|string|min:8`. */
const FIELD_RULES = /^[a-z_]+(?::[\w,.=/-]+)?(?:\|[a-z_]+(?::[\w,.=/-]+)?)+$/;
const FIELD_RULE =
  /(?:^|\|)(?:required|nullable|sometimes|filled|present|bail|confirmed|string|integer|m(?:in|ax):\d+)(?:$|\|)/;

/** How much the value of a telling name looks like a secret. */
export function strengthOf(value: string): Strength {
  if (isPlaceholder(value)) return 'none';
  if (CODE_LIKE.test(value) || (FIELD_RULES.test(value) && FIELD_RULE.test(value))) return 'none';
  if (value.length < 4) return 'none';
  const letters = /[A-Za-z]/.test(value);
  const digits = /\d/.test(value);
  if (value.length >= 16 && letters && digits && entropy(value) >= 3.2 && !isWords(value)) return 'strong';
  if (isWords(value)) return 'weak';
  const others = /[^A-Za-z\d_.-]/.test(value);
  if (value.length >= 8 && letters && (digits || others)) return 'medium';
  return value.length >= 6 || (letters && digits) ? 'weak' : 'none';
}

/** Bits a character, by how often each occurs. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** `access_token_v2`, `my-service-key-1`, `handleSecret2Changed`: words, with a number among them. */
function isWords(value: string): boolean {
  const parts = value.split(/[-_.\s:/]+|(?<=[a-z])(?=[A-Z])/).filter((part) => part !== '');
  return parts.length > 1 && parts.every((part) => /^[A-Za-z]{2,}\d{0,2}$|^v?\d{1,4}$/.test(part));
}
