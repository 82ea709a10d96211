// What a caller says about one container, as plain data, and how it listens to it.

import type { TraceRequest } from './tracer.ts';

/** A mount beside those that every container has. `target` is absolute, as seen inside. */
export type SandboxMount =
  | {
      readonly type: 'bind';
      /** Absolute path on the host of a file or directory; resolved before any code of the container runs. */
      readonly source: string;
      readonly target: string;
      readonly readonly?: boolean;
    }
  | {
      readonly type: 'tmpfs';
      readonly target: string;
      /** Bytes; half of the memory where it is missing. */
      readonly size?: number;
      readonly mode?: number;
      /** Options of mount(8) beside these; `nosuid` and `nodev` by default. */
      readonly options?: readonly string[];
    }
  | {
      /** Part of another stack of directories, mounted for this container only. */
      readonly type: 'layers';
      /** As `ContainerSpec.lowers`, at least one. */
      readonly lowers: readonly string[];
      /** What of it: clean, relative, and no part of it may be a link; '' for all. */
      readonly path: string;
      readonly target: string;
      /** Absolute path of an empty directory for the changes, which nobody keeps. Without it nothing can be changed. */
      readonly scratch?: string;
    }
  | {
      /** A file or directory that is not ours, and of which the container may change nothing. */
      readonly type: 'host';
      /** Absolute, without links. */
      readonly source: string;
      readonly directory: boolean;
      /** What must be found there, or the container is not started: device and inode. */
      readonly dev: number;
      readonly ino: number;
      readonly target: string;
    };

/** Bytes that must never be on a disk, in an argument or in anybody else's environment. */
export interface SandboxSecret {
  readonly value: Uint8Array;
  /** Name of a variable of the process. */
  readonly variable?: string;
  readonly file?: {
    readonly target: string;
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
  };
}

/** Numeric identity of the process; names are looked up by whoever knows the image. */
export interface SandboxUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids?: readonly number[];
}

/** A limit of each process (setrlimit): its name as the shell's, `nofile`; -1 is no limit. */
export interface SandboxRlimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** What the processes of a container may use together: limits of its control group. */
export interface SandboxResources {
  /** Bytes. */
  readonly memory?: number;
  /** Bytes of memory and swap together; -1 for as much swap as there is. Twice `memory` where it is missing. */
  readonly memorySwap?: number;
  /** Bytes that are kept when memory is scarce. */
  readonly memoryReservation?: number;
  /** Weight among others; 1024 is the usual one. */
  readonly cpuShares?: number;
  /** Microseconds of processor time in each period, and how long that is. */
  readonly cpuQuota?: number;
  readonly cpuPeriod?: number;
  /** `0-3`, `0,1`. */
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  /** How many processes and threads; -1 for no limit. */
  readonly pids?: number;
}

/** Limits of a container. They are the caller's, and no part of what it runs. */
export interface SandboxLimits {
  readonly rlimits?: readonly SandboxRlimit[];
  readonly resources?: SandboxResources;
  /** The control group below which the container's own is made: an absolute path in the hierarchy. */
  readonly cgroupParent?: string;
  /** Bytes of /dev/shm, 64 MiB by default. */
  readonly shmSize?: number;
}

/** One process on a stack of directories. */
export interface ContainerSpec extends SandboxLimits {
  /** Absolute path of an empty directory for this run only, on any file system; the caller removes it afterwards. */
  readonly bundle: string;
  /** Absolute path of the directory in which the names of `lowers` are looked up. */
  readonly lowerBase: string;
  /** Short names below `lowerBase`, top layer first; together they must fit a page. None: an empty root. */
  readonly lowers: readonly string[];
  /** Absolute paths of two empty directories on one file system: the changes, and overlayfs's own. */
  readonly upper: string;
  readonly work: string;
  readonly readonlyRoot?: boolean;
  readonly args: readonly string[];
  /** `KEY=value`, as in an image config. */
  readonly env: readonly string[];
  /** Absolute; made where it is missing. */
  readonly cwd: string;
  /** Whether a missing `cwd` and the directories above it become the user's, as in RUN; else they are root's. */
  readonly ownsWorkdir?: boolean;
  readonly user: SandboxUser;
  readonly mounts?: readonly SandboxMount[];
  /** They take the way of standard input, which must be `none`. */
  readonly secrets?: readonly SandboxSecret[];
  readonly network: 'host' | 'none';
  /** `buildkitsandbox` by default, the name Docker's users meet in RUN. */
  readonly hostname?: string;
  /** Mounts a file with the host name on /etc/hostname, as `docker run` does and RUN does not. */
  readonly hostnameFile?: boolean;
  /** Starts /etc/hosts from the host's own, as Docker does for `run --network host`. */
  readonly inheritHosts?: boolean;
  readonly extraHosts?: readonly { readonly name: string; readonly address: string }[];
  /** Lets the process write to its /etc/hosts, /etc/resolv.conf and /etc/hostname (`docker run`); they are not kept. */
  readonly writableNetworkFiles?: boolean;
  /** A pseudo-terminal on this process's own terminal: needs standard input and output to be one. */
  readonly terminal?: boolean;
  /** `CAP_CHOWN`, …: what root has, and what any program may gain. Docker's usual ones by default. */
  readonly capabilities?: readonly string[];
  /**
   * `RUN --security=insecure`: every capability that we have, for any user; no system call and no path of /proc or /sys
   * is forbidden, control groups can be written to, and all devices opened.
   */
  readonly insecure?: boolean;
}

/** How a caller listens to a container. Without handlers its output goes to ours. */
export interface ContainerIo {
  /** `none` (/dev/null) by default. Ignored with a terminal, which reads ours. */
  readonly stdin?: 'none' | 'inherit' | Uint8Array;
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
  /** Traces the container's system calls, and the runtime's. */
  readonly trace?: TraceRequest;
  /** Kills every process of the container at once. */
  readonly signal?: AbortSignal;
  /** Passes signals that reach this process on to the container's, instead of dying of them. */
  readonly forwardSignals?: boolean;
}
