/** Fair order: first come, first served, but one job per person at a time, so that one person's ten devices do not hold up the rest. */

export interface WaitingJob {
  readonly id: string;
  readonly subject: string;
  /** ms */
  readonly queuedAt: number;
}

/** The next job to start; undefined when every waiting person has one running. */
export function nextJob<T extends WaitingJob>(waiting: readonly T[], runningSubjects: ReadonlySet<string>): T | undefined {
  return inOrder(waiting).find(({ subject }) => !runningSubjects.has(subject));
}

/** How many jobs go before this one, at most. */
export function jobsAhead(waiting: readonly WaitingJob[], job: WaitingJob, running: number): number {
  return running + inOrder(waiting).findIndex(({ id }) => id === job.id);
}

function inOrder<T extends WaitingJob>(waiting: readonly T[]): readonly T[] {
  return [...waiting].sort((a, b) => a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1));
}
