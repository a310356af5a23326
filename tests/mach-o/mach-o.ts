/** Reads as much of a Mach-O file as tells for which processor it is. */
const MAGIC = 0xfeedfacf;
const CPU = { aarch64: 0x0100000c, x86_64: 0x01000007 } as const;

export const isMachO = (bytes: Uint8Array, target: string): boolean => {
  if (bytes.byteLength < 8) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cpu = target.startsWith('aarch64') ? CPU.aarch64 : CPU.x86_64;
  return view.getUint32(0, true) === MAGIC && view.getUint32(4, true) === cpu;
};
