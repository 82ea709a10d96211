// Rules of others that there are none for here, and why. For the table of docs/lint.md; a test holds it against the rules.

const REFUSED = 'the shell refuses it: UnreadableScript says where, without a code of its own';
const HARMLESS = 'the shell takes it for a text or a name, and in RUN hardly anybody writes it';

export const LEFT_OUT: Readonly<Record<string, string>> = {
  SC1000: HARMLESS,
  SC1001: HARMLESS,
  SC1007: 'the command that is taken for a value is not found, and the build fails there',
  SC1010: REFUSED,
  SC1018: HARMLESS,
  SC1035: REFUSED,
  SC1045: REFUSED,
  SC1065: REFUSED,
  SC1066: 'the command that it is taken for is not found, and the build fails there',
  SC1077: HARMLESS,
  SC1079: HARMLESS,
  SC1081: REFUSED,
  SC1083: HARMLESS,
  SC1086: 'the shell refuses the name of the variable, and the build fails there',
  SC1087: HARMLESS,
  SC1091: 'what `.` reads is in the image, which nobody sees before it is built; hadolint leaves it out too',
  SC1095: REFUSED,
  SC1097: HARMLESS,
  SC1098: HARMLESS,
  SC1099: HARMLESS,
  SC2039: 'ShellCheck itself has SC3001 and the following in its place, which PosixShell has',
};
