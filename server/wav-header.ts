/**
 * The header every WAV of FlowZone has: Float32, little endian, 58 bytes.
 *
 * RIFF/WAVE, `fmt ` of 18 bytes (format 3 = IEEE float), `fact`, `data`. FlowCore writes the same
 * bytes, so a take has one content whether it comes from the spool or from its own file.
 */
export const WAV_HEADER_BYTES = 58;
export const SAMPLE_BYTES = 4;
export const TAKE_CHANNELS = 2;
export const FRAME_BYTES = SAMPLE_BYTES * TAKE_CHANNELS;
/** Where in the header they stand. */
export const CHANNELS_AT = 22;
export const RATE_AT = 24;
export const SAMPLE_BITS_AT = 34;

const FORMAT_IEEE_FLOAT = 3;
const RIFF_ID_BYTES = 8;

const putText = (view: DataView, at: number, text: string) => {
  for (let i = 0; i < text.length; i += 1) view.setUint8(at + i, text.charCodeAt(i));
};

export const wavHeader = (
  frameCount: number,
  rateHz: number,
  channels = TAKE_CHANNELS,
): Uint8Array<ArrayBuffer> => {
  const frameBytes = channels * SAMPLE_BYTES;
  const dataBytes = frameCount * frameBytes;
  const view = new DataView(new ArrayBuffer(WAV_HEADER_BYTES));
  putText(view, 0, 'RIFF');
  view.setUint32(4, WAV_HEADER_BYTES - RIFF_ID_BYTES + dataBytes, true);
  putText(view, 8, 'WAVEfmt ');
  view.setUint32(16, 18, true);
  view.setUint16(20, FORMAT_IEEE_FLOAT, true);
  view.setUint16(CHANNELS_AT, channels, true);
  view.setUint32(RATE_AT, rateHz, true);
  view.setUint32(28, rateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(SAMPLE_BITS_AT, 8 * SAMPLE_BYTES, true);
  putText(view, 38, 'fact');
  view.setUint32(42, 4, true);
  view.setUint32(46, frameCount, true);
  putText(view, 50, 'data');
  view.setUint32(54, dataBytes, true);
  return new Uint8Array(view.buffer);
};
