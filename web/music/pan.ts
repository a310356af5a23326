/** "centre", "20 left": where a slot sounds, −1…1. */
export const panText = (pan: number): string => {
  const percent = Math.round(Math.abs(pan) * 100);
  if (percent === 0) return 'centre';
  return `${percent} ${pan < 0 ? 'left' : 'right'}`;
};
