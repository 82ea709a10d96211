// From an address to a commit. A name is asked of the remote, once a build, so that all of its steps see the same; a
// commit id is taken as it is, and a name with the whole commit id as its checksum is believed once they were seen to
// agree: neither needs the network again.

import { MilleError, suggest } from '../../../core/index.ts';
import { describeGit, type GitAddress, isCommitId } from '../../../lang/address/index.ts';
import { isOffline, sha256 } from '../../../sys/index.ts';
import type { Report, SourceSession } from '../session.ts';
import type { FoundGit } from './checkout.ts';
import { type ChosenRef, chooseRef, patternsFor } from './choose-ref.ts';
import { mustRunRemote, runRemote } from './remote-access.ts';

/** What remotes said in this build, by remote and name. */
export type KnownRefs = Map<string, Promise<ChosenRef | undefined>>;

/**
 * Finds the commit of an address.
 * @throws MilleError `ref-missing`, `digest-mismatch` where it is not the one that its checksum says, `network`
 */
export async function findCommit(
  session: SourceSession,
  address: GitAddress,
  { known, report }: { readonly known: KnownRefs; readonly report: Report },
): Promise<FoundGit> {
  const { ref, checksum = '' } = address;
  if (ref !== undefined && isCommitId(ref)) {
    if (!ref.startsWith(checksum)) throw mismatch(address, [ref]);
    return { address, object: ref };
  }
  if (address.fetchByCommit) return pinned(address);
  const pinKey = `git:${sha256(JSON.stringify([address.remote, ref ?? '', checksum]))}`;
  const pin = isCommitId(checksum) ? session.store.getValue(pinKey) : undefined;
  const chosen =
    pin === undefined ? await askOnce(session, address, { known, report }) : (JSON.parse(pin) as ChosenRef);
  if (!chosen.object.startsWith(checksum) && !chosen.commit.startsWith(checksum))
    throw mismatch(address, [...new Set([chosen.object, chosen.commit])]);
  if (pin === undefined && isCommitId(checksum)) session.store.setValue(pinKey, JSON.stringify(chosen));
  const object = address.keepGitDir ? chosen.object : chosen.commit;
  return { address, object, refName: chosen.name };
}

function pinned(address: GitAddress): FoundGit {
  const { ref, checksum = '' } = address;
  if (!isCommitId(checksum)) {
    throw new MilleError(
      'address-invalid',
      `fetch-by-commit of ${describeGit(address)} needs the id of the commit`,
      {
        hint: 'write all of its digits: checksum=COMMIT',
      },
    );
  }
  // A name that does not say what it is counts as a branch, as in BuildKit.
  const refName = ref === undefined || ref.startsWith('refs/') ? ref : `refs/heads/${ref}`;
  return { address, object: checksum, ...(refName === undefined ? {} : { refName }) };
}

async function askOnce(
  session: SourceSession,
  address: GitAddress,
  { known, report }: { readonly known: KnownRefs; readonly report: Report },
): Promise<ChosenRef> {
  const key = JSON.stringify([address.remote, address.ref ?? '']);
  let answer = known.get(key);
  if (!answer) {
    report(`asking ${describeGit({ ...address, subdir: '' })} for its commit`);
    answer = ask(session, address);
    known.set(key, answer);
  }
  const chosen = await answer;
  // For builds that may ask nobody: they get what the name meant last.
  if (chosen && !isOffline()) session.store.setValue(lastKey(address), JSON.stringify(chosen));
  if (chosen) return chosen;
  throw await missing(session, address);
}

function lastKey({ remote, ref }: GitAddress): string {
  return `git-last:${sha256(JSON.stringify([remote, ref ?? '']))}`;
}

async function ask(session: SourceSession, address: GitAddress): Promise<ChosenRef | undefined> {
  const last = isOffline() ? session.store.getValue(lastKey(address)) : undefined;
  if (last !== undefined) return JSON.parse(last) as ChosenRef;
  const output = await mustRunRemote(
    session,
    { address, trusted: true },
    { args: (remote) => ['ls-remote', '--symref', '--', remote, ...patternsFor(address.ref)] },
  );
  return chooseRef(output, address.ref);
}

function mismatch(address: GitAddress, found: readonly string[]): MilleError {
  const name = describeGit({ ...address, subdir: '' });
  return new MilleError(
    'digest-mismatch',
    `${name} is not the commit that its checksum names\nwanted ${address.checksum}\nfound  ${found.join(' or ')}`,
    {
      hint: 'the branch or tag has moved, or the checksum is that of another commit; nothing of it was used',
    },
  );
}

async function missing(session: SourceSession, address: GitAddress): Promise<MilleError> {
  const { ref } = address;
  const name = describeGit({ ...address, ref: '', subdir: '' });
  if (ref === undefined) {
    return new MilleError('ref-missing', `${name} has no default branch: it may be empty`, {
      hint: 'name a branch, a tag or a commit: #REF behind the address',
    });
  }
  const short = /^[0-9a-f]{4,39}$/.test(ref);
  const near = short ? undefined : await nearest(session, address, ref);
  return new MilleError('ref-missing', `${name} has no branch or tag '${ref}'`, {
    hint: short
      ? 'a commit is written with all of its 40 digits'
      : near === undefined
        ? 'a branch, a tag, a full name such as refs/pull/1/head, or a commit with all of its 40 digits'
        : `did you mean '${near}'?`,
  });
}

/** The branch or tag whose name is most like a missing one. */
async function nearest(
  session: SourceSession,
  address: GitAddress,
  ref: string,
): Promise<string | undefined> {
  const args = (remote: string) => ['ls-remote', '--heads', '--tags', '--refs', '--', remote];
  const { stdout } = await runRemote(session, { address, trusted: true }, { args });
  const names = [...stdout.matchAll(/\trefs\/(?:heads|tags)\/(.+)$/gm)].map((match) => match[1]!);
  return suggest(ref.replace(/^refs\/(?:heads|tags)\//, ''), names);
}
