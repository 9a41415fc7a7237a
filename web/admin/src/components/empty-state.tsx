import type { ReactNode } from "react";
import classes from "./empty-state.module.css";
import { Mark } from "./mark";

/** Nothing here yet, said as an invitation. */
export function EmptyState(props: { title: string; words: string; action?: ReactNode }) {
  return (
    <section className={classes.empty}>
      <div className={classes.picture} aria-hidden="true">
        <div className={classes.sheet} />
        <div className={classes.sheet} />
        <div className={classes.sheet}>
          <Mark size={44} />
        </div>
      </div>
      <h2>{props.title}</h2>
      <p className={classes.words}>{props.words}</p>
      {props.action}
    </section>
  );
}
