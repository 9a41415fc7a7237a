import type { Target } from "@arv/api-client";
import { isSettled } from "../polling";
import classes from "./making-overlay.module.css";

/** A line of light that walks over a print while its target is being made. */
export function MakingOverlay({ target }: { target: Target }) {
  if (isSettled(target.status)) return null;
  return (
    <span className={classes.overlay} aria-hidden="true">
      <span className={classes.light} />
      <span className={classes.progress} style={{ transform: `scaleX(${target.progress})` }} />
    </span>
  );
}
