import type { HeatMap } from "../report";
import classes from "./content-stage.module.css";

/** Where the print is recognised by: the stronger a cell, the more of it survives print and camera. */
export function HeatOverlay({ heat }: { heat: HeatMap | null }) {
  if (!heat) return null;
  const { columns, rows } = heat;
  return (
    <svg
      className={classes.heat}
      viewBox={`0 0 ${columns} ${rows}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <filter id="heat-soft">
        <feGaussianBlur stdDeviation="0.42" />
      </filter>
      <g filter="url(#heat-soft)">
        {heat.cells.map((share, cell) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell's place is what it is.
            key={cell}
            x={cell % columns}
            y={Math.floor(cell / columns)}
            width={1.02}
            height={1.02}
            fill={heatColor(share)}
            opacity={0.82 * share}
          />
        ))}
      </g>
    </svg>
  );
}

/** From amber, where little survives, to the signal colour, where most does. */
function heatColor(share: number): string {
  return `hsl(${Math.round(46 - 36 * share)} 100% 60%)`;
}
