/** What the process that asks takes of the machine. */
export interface OwnProcess {
  /** CPU since it began. */
  cpuMs(): number;
  memoryBytes(): number;
}

export const ownProcess: OwnProcess = {
  cpuMs() {
    const { system, user } = process.cpuUsage();
    return (system + user) / 1000;
  },
  memoryBytes: () => process.memoryUsage.rss(),
};
