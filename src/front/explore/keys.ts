// Bytes of a terminal → keys. A key is a string: a character, or a name of several letters (`up`, `ctrl-c`).

/** Takes what a terminal sends. */
export interface KeyReader {
  /** The keys in some bytes; the beginning of a sequence waits for its rest. */
  keys(bytes: Uint8Array): string[];
  /** What waits, when nothing more has come for a moment: a lone escape is the key itself. */
  flush(): string[];
}

const FINALS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift-tab',
};

const NUMBERS: Readonly<Record<string, string>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
};

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
};

// CSI with its parameters, SS3 with its letter.
const SEQUENCE = /^\x1b(?:\[([0-9;:<=>?]*)[ -/]*([@-~])|O([ -~]))/;
const BEGUN = /^\x1b(?:\[[0-9;:<=>?]*[ -/]*|O)?$/;

/** Reads the keys of one terminal. */
export function createKeyReader(): KeyReader {
  const decoder = new TextDecoder('utf-8');
  let waiting = '';
  return {
    keys(bytes) {
      waiting += decoder.decode(bytes, { stream: true });
      const found: string[] = [];
      while (waiting !== '' && !BEGUN.test(waiting)) found.push(...take());
      return found;
    },
    flush() {
      const rest = waiting;
      waiting = '';
      return rest === '' ? [] : rest === '\x1b' ? ['escape'] : [];
    },
  };

  function take(): string[] {
    const sequence = SEQUENCE.exec(waiting);
    if (sequence) {
      waiting = waiting.slice(sequence[0].length);
      const [, parameters = '', final = '', letter = ''] = sequence;
      const name = final === '~' ? NUMBERS[parameters.split(';')[0]!] : FINALS[final || letter];
      return name === undefined ? [] : [name];
    }
    const char = String.fromCodePoint(waiting.codePointAt(0)!);
    waiting = waiting.slice(char.length);
    if (char === '\x1b') return ['escape'];
    const control = CONTROLS[char];
    if (control !== undefined) return [control];
    const code = char.charCodeAt(0);
    return [code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x60)}` : char];
  }
}
