// Room `build/sandbox`: one process on a stack of directories, through an OCI runtime (runc or crun), as root or as
// root of a user namespace. It mounts, runs, listens, and leaves nothing behind: no mount, no process, no file of
// its own in the upper directory. It knows no image, no layer and no Dockerfile, and resolves no path of the
// container's after code of the container has run, but by descriptors that follow no link.

export { CAPABILITY_NAMES, DEFAULT_CAPABILITIES, heldCapabilities } from './capabilities.ts';
export { removeDeadCgroups as cleanLeftovers } from './cgroup.ts';
export type { Runtime } from './chain.ts';
export { prepareLimits } from './limits.ts';
export { runContainer } from './run.ts';
export { type ProbeMemory, probeRuntime } from './runtime.ts';
export type {
  ContainerIo,
  ContainerSpec,
  SandboxLimits,
  SandboxMount,
  SandboxResources,
  SandboxRlimit,
  SandboxSecret,
  SandboxUser,
} from './spec.ts';
export { probeTracer, type TraceRequest, type Tracer } from './tracer.ts';
