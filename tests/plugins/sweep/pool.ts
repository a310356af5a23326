/** Does many things, some at once; what came of each, in their order. */
export const inTurns = async <Task, Result>(
  tasks: readonly Task[],
  atOnce: number,
  act: (task: Task) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const turn = next;
      next += 1;
      const task = tasks[turn];
      if (task !== undefined) results[turn] = await act(task);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
};
