// Work done ahead of who asks for it.

/**
 * Does `work` for every item in so many lanes at once, each lane in order, from the first time that a result is
 * asked for.
 * @returns what waits for the result of an item, and throws what its work threw
 */
export function ahead<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): (item: Item) => Promise<Result> {
  let start = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  const ends: Promise<unknown>[] = Array.from({ length: lanes }, () => started);
  const results = new Map<Item, Promise<Result>>();
  items.forEach((item, i) => {
    const result = (ends[i % lanes] as Promise<unknown>).then(() => work(item));
    results.set(item, result);
    // A failure is for who asks, not for the next of the lane.
    ends[i % lanes] = result.catch(() => undefined);
  });
  return (item) => {
    start();
    return results.get(item) as Promise<Result>;
  };
}
