// Names and numbers that STOPSIGNAL takes (Linux).

const NAMES = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM ' +
    'TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
);

/** Whether a text names a signal: a number other than 0, or a name with or without SIG, in any case. */
export function isSignal(text: string): boolean {
  if (/^[+-]?[0-9]+$/.test(text)) return Number(text) !== 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const realTime = /^RTM(?:IN\+|AX-)([0-9]+)$/.exec(name);
  if (realTime)
    return Number(realTime[1]) >= 1 && Number(realTime[1]) <= (name.startsWith('RTMIN') ? 15 : 14);
  return NAMES.has(name);
}
