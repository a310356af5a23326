/** Where each field of a record lies. */
import type { FieldType, RecordLayout } from './abi-records.ts';

const scalarBytes = { u32: 4, i32: 4, f32: 4, f64: 8 } as const;

/** Bytes and alignment of a field type. */
export const fieldSize = (type: FieldType): { bytes: number; align: number } => {
  const array = /^(u32|utf8)\[(\d+)\]$/.exec(type);
  if (array) {
    const count = Number(array[2]);
    return array[1] === 'u32' ? { bytes: 4 * count, align: 4 } : { bytes: count, align: 1 };
  }
  const bytes = scalarBytes[type as keyof typeof scalarBytes];
  return { bytes, align: bytes };
};

/** Offset of every field and the size of a record: natural alignment, size a multiple of 8. */
export const layoutOf = (record: RecordLayout) => {
  let offset = 0;
  const offsets: Record<string, number> = {};
  for (const [name, type] of Object.entries(record.fields)) {
    const { bytes, align } = fieldSize(type);
    offset = Math.ceil(offset / align) * align;
    offsets[name] = offset;
    offset += bytes;
  }
  return { offsets, bytes: Math.ceil(offset / 8) * 8 };
};
