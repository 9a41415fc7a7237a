import classes from "./progress-line.module.css";

/** A thin line that fills; `share` from 0 to 1. */
export function ProgressLine({ share, label }: { share: number; label: string }) {
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <div className={classes.fill} style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
