import { type ReactNode, useEffect, useRef } from "react";
import classes from "./section-nav.module.css";

interface SectionNavProps {
  label: string;
  /** `rail` stands beside its page on wide screens; `bar` always lies above it. */
  shape: "rail" | "bar";
  children: ReactNode;
}

/** Links between the screens of one area; on a narrow screen a row that scrolls sideways. */
export function SectionNav({ label, shape, children }: SectionNavProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => bringCurrentIntoView(list.current));
  return (
    <nav className={classes.nav} data-shape={shape} aria-label={label}>
      <ul className={classes.list} ref={list}>
        {children}
      </ul>
    </nav>
  );
}

/** The row scrolls sideways by itself, and never the page with it. */
function bringCurrentIntoView(list: HTMLUListElement | null): void {
  const current = list?.querySelector<HTMLElement>("[aria-current]")?.parentElement;
  if (!list || !current) return;
  const space = (list.clientWidth - current.offsetWidth) / 2;
  list.scrollLeft = current.offsetLeft - list.offsetLeft - space;
}

/** For the router's link inside: it sets `aria-current` on the screen one is on. */
export const sectionLinkClass = classes.link;
