// Rules of others that there are none for here, and why. For the table of docs/lint.md; a test holds it against the rules.

export const LEFT_OUT: Readonly<Record<string, string>> = {
  SC1091: 'what `.` reads is in the image, which nobody sees before it is built; hadolint leaves it out too',
};
