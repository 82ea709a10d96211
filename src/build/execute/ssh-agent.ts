// The SSH agent protocol (draft-ietf-sshm-ssh-agent), as far as a build may speak it: list the keys and sign. Whatever
// else a command asks (add or remove keys, lock the agent) becomes a request that no agent knows, so that it is
// answered by the agent's own "failure", in its turn.

const REQUEST_IDENTITIES = 11;
const SIGN_REQUEST = 13;
/** A message of one byte whose type is not in use. */
const UNKNOWN = Uint8Array.of(0, 0, 0, 1, 255);
/** What OpenSSH's agent accepts. */
const LONGEST = 256 * 1024;

/**
 * Filters what one client says; feed it chunks in order.
 * @throws Error for a message that no agent would take
 */
export function agentFilter(): (chunk: Uint8Array) => Uint8Array {
  let rest: Uint8Array = new Uint8Array(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const out: Uint8Array[] = [];
    while (rest.length >= 4) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
      if (length === 0 || length > LONGEST) throw new Error('not a message of the SSH agent protocol');
      if (rest.length < 4 + length) break;
      const allowed = rest[4] === REQUEST_IDENTITIES || rest[4] === SIGN_REQUEST;
      out.push(allowed ? rest.subarray(0, 4 + length) : UNKNOWN);
      rest = rest.subarray(4 + length);
    }
    return Buffer.concat(out);
  };
}
