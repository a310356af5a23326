/** Which plug-ins cost the machine most: those of one maker share a process, which is what is measured. */
import type { AppState } from '../../protocol/state.ts';

/** "Bellfry costs most: 11 % of a core"; empty when none costs anything. */
export const costText = ({ hosts, plugins }: Pick<AppState, 'hosts' | 'plugins'>): string => {
  const [most] = Object.entries(hosts).toSorted(([, a], [, b]) => b.load - a.load);
  if (!most) return '';
  const [id, { load, name }] = most;
  const percent = Math.round(load * 100);
  if (percent === 0) return '';
  const names = Object.values(plugins).flatMap((one) => (one.hostId === id ? [one.name] : []));
  const costs = names.length > 1 ? 'cost' : 'costs';
  return `${names.join(' and ') || name} ${costs} most: ${percent} % of a core`;
};
