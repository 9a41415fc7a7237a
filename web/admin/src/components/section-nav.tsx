import type { ReactNode } from "react";
import classes from "./section-nav.module.css";

interface SectionNavProps {
  label: string;
  /** `rail` stands beside its page on wide screens; `bar` always lies above it. */
  shape: "rail" | "bar";
  children: ReactNode;
}

/** Links between the screens of one area; on a narrow screen a row that scrolls sideways. */
export function SectionNav({ label, shape, children }: SectionNavProps) {
  return (
    <nav className={classes.nav} data-shape={shape} aria-label={label}>
      <ul className={classes.list}>{children}</ul>
    </nav>
  );
}

/** For the router's link inside: it sets `aria-current` on the screen one is on. */
export const sectionLinkClass = classes.link;
