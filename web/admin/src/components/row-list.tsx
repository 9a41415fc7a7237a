import type { ReactNode } from "react";
import classes from "./row-list.module.css";

/** Things below one another, each with its words and what can be done with it. */
export function RowList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  title: ReactNode;
  detail?: ReactNode;
  /** What stands at the end: a state, a menu, buttons. */
  children?: ReactNode;
  /** What stands below both, as wide as the row. */
  foot?: ReactNode;
  /** The end is wide: on a narrow screen it goes below the words. */
  wraps?: boolean;
}

export function Row({ title, detail, children, foot, wraps }: RowProps) {
  return (
    <li className={classes.row} data-wraps={wraps || foot ? true : undefined}>
      <div className={classes.words}>
        <strong>{title}</strong>
        {detail && <span>{detail}</span>}
      </div>
      {children && <div className={classes.end}>{children}</div>}
      {foot && <div className={classes.foot}>{foot}</div>}
    </li>
  );
}
