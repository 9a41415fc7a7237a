import type { ReactNode } from "react";
import { useId } from "react";
import classes from "./panel.module.css";

/** One subject of a page, with its own heading and what can be done about it. */
export function Panel(props: { title: string; action?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.header}>
        <h2 id={id} className={classes.title}>
          {props.title}
        </h2>
        {props.action}
      </header>
      {props.children}
    </section>
  );
}
