// What an image's history says of a layer, as somebody would write it in a Dockerfile.

/** Docker's classic builder marks what is no command; its commands carry their build arguments before them. */
const NOT_RUN = /^(?:\/bin\/sh -c|cmd \/S \/C) #\(nop\)\s+/;
const BUILD_ARGUMENTS = /^\|(\d+) /;
const SHELL = /^\/bin\/sh -c /;
const BUILDKIT = / # buildkit$/;

/**
 * The instruction of a history entry: `RUN apt-get update` for `/bin/sh -c apt-get update`, without the values of
 * build arguments, which may be secret. What is no instruction stays as it is.
 */
export function instructionText(createdBy: string): string {
  const text = createdBy.trim().replace(BUILDKIT, '');
  const classic = text.replace(NOT_RUN, '');
  if (classic !== text)
    return classic.replace(/^(ADD|COPY) (?:file|dir|multi):([0-9a-f]{12})[0-9a-f]* in /, '$1 $2… ');
  const command = text.replace(/^RUN /, '');
  const bare = withoutArguments(command);
  if (SHELL.test(bare)) return `RUN ${bare.replace(SHELL, '').trim()}`;
  if (bare !== command) return `RUN ${bare}`;
  return text;
}

/** `|2 A=1 B=2 /bin/sh -c …`: where a value holds spaces, only the shell tells where the arguments end. */
function withoutArguments(command: string): string {
  const count = BUILD_ARGUMENTS.exec(command);
  if (!count) return command;
  const shell = command.indexOf(' /bin/sh -c ');
  if (shell >= 0) return command.slice(shell + 1);
  return command
    .split(' ')
    .slice(1 + Number(count[1]))
    .join(' ');
}
