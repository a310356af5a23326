/** Keeps what the stage needs in one script, however many later parts use some of it too. */
interface ModuleGraph {
  getModuleInfo(id: string): { readonly importers: readonly string[] } | null;
}

/** true for what is imported, over any number of files, by the page's own entry. */
export const makeIsFirst = (entry: string) => {
  const known = new Map<string, boolean>();
  const isFirst = (id: string, graph: ModuleGraph): boolean => {
    const answer = known.get(id);
    if (answer !== undefined) return answer;
    // While it is being asked a circle of imports counts as not first.
    known.set(id, false);
    const is =
      id.endsWith(entry) ||
      (graph.getModuleInfo(id)?.importers.some((one) => isFirst(one, graph)) ?? false);
    known.set(id, is);
    return is;
  };
  return isFirst;
};
