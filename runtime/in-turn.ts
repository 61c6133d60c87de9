/** One piece of work at a time, in the order in which it came: whoever reads, changes and writes must not undo what others wrote meanwhile. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
