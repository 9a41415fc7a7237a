import type { ReactNode } from "react";
import { useId } from "react";
import classes from "./panel.module.css";

interface PanelProps {
  title: string;
  action?: ReactNode;
  /** Marks the title with a dot that says how things stand. */
  tone?: "teal" | "quiet";
  children: ReactNode;
}

/** One subject of a page, with its own heading and what can be done about it. */
export function Panel(props: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.header}>
        <h2 id={id} className={classes.title} data-tone={props.tone}>
          {props.title}
        </h2>
        {props.action}
      </header>
      {props.children}
    </section>
  );
}
