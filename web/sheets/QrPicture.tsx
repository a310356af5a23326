/** An address as a picture for a phone's camera: dark on white in any colour scheme. */
import { encode } from 'uqr';

/** Empty around it, in modules; cameras find it by that. */
const QUIET = 4;
const SIDE_PX = 190;

const pathOf = (rows: readonly (readonly boolean[])[]): string =>
  rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');

export const QrPicture = (props: { text: string; label: string }) => {
  const code = () => encode(props.text, { ecc: 'M', border: QUIET });
  return (
    <svg
      width={SIDE_PX}
      height={SIDE_PX}
      style={{ margin: 'auto' }}
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${code().size} ${code().size}`}
      shape-rendering="crispEdges"
    >
      <rect width={code().size} height={code().size} rx="2" fill="#fff" />
      <path d={pathOf(code().data)} fill="#000" />
    </svg>
  );
};
