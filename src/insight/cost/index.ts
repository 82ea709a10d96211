// Room `insight/cost`: what building costs, told before it is paid. Which step stands on which and waits for which,
// how long a set of steps takes when independent stages run at once, which files of a context which steps read, and how
// often commits touch them. Pure: it is given plans, seconds of earlier runs and lists of paths, and measures nothing.

export * from './cost-of-changes.ts';
export * from './file-groups.ts';
export { type OrderedStep, orderOfSteps } from './order-of-steps.ts';
export { rebuiltBy } from './rebuilt.ts';
export { waitingTime } from './waiting-time.ts';
