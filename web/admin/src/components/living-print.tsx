import classes from "./living-print.module.css";

/**
 * A landscape on paper, and a phone held over a part of it in which the same landscape lives: the
 * product in one drawing. It moves slowly, and not at all for who prefers no motion.
 */
export function LivingPrint() {
  return (
    <svg className={classes.drawing} viewBox="0 0 640 560" role="img" aria-hidden="true">
      <defs>
        <clipPath id="living-picture">
          <rect x="92" y="72" width="436" height="316" />
        </clipPath>
        <clipPath id="living-screen">
          <rect x="330" y="150" width="186" height="330" rx="20" />
        </clipPath>
      </defs>
      <g className={classes.paper}>
        <rect x="68" y="48" width="484" height="364" rx="3" />
      </g>
      <g clipPath="url(#living-picture)">
        <Landscape printed />
      </g>
      <path
        className={classes.brackets}
        d="M48 76V28h48M524 28h48v48M572 384v48h-48M96 432H48v-48"
      />
      <g className={classes.phone}>
        <rect x="320" y="138" width="206" height="354" rx="30" />
      </g>
      <g clipPath="url(#living-screen)">
        <rect x="330" y="150" width="186" height="330" className={classes.tableSeen} />
        <rect x="300" y="140" width="252" height="272" className={classes.paperSeen} />
        <g clipPath="url(#living-picture)">
          <Landscape />
        </g>
      </g>
      <circle cx="423" cy="456" r="13" className={classes.shutter} />
    </svg>
  );
}

/** Sun, two ranges of hills and water; flat and still when printed. */
function Landscape({ printed = false }: { printed?: boolean }) {
  const moves = printed ? "" : classes.moves;
  return (
    <g className={printed ? classes.printed : classes.living}>
      <rect x="92" y="72" width="436" height="316" className={classes.sky} />
      <circle cx="402" cy="216" r="56" className={`${classes.sun} ${moves}`} />
      <path
        className={`${classes.far} ${moves}`}
        d="M40 308C90 238 150 226 205 262S300 330 350 290 450 236 500 264 560 292 600 270V412H40z"
      />
      <path className={`${classes.near} ${moves}`} d="M40 340q90-60 190-18t170-20 180 26v90H40z" />
      <path
        className={`${classes.water} ${moves}`}
        d="M-80 360q40-12 80 0t80 0 80 0 80 0 80 0 80 0 80 0 80 0v60H-80z"
      />
    </g>
  );
}
