import { createLink, Outlet } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, ReactNode } from "react";
import { SectionNav, sectionLinkClass } from "@/components/section-nav";
import classes from "./sections-frame.module.css";

/** One screen in a row or rail of screens. */
export const SectionLink = createLink((anchor: AnchorHTMLAttributes<HTMLAnchorElement>) => (
  <li>
    <a {...anchor} className={sectionLinkClass} />
  </li>
));

/** The screens of one area beside the list of them. */
export function SectionsFrame({ label, links }: { label: string; links: ReactNode }) {
  return (
    <div className={classes.frame}>
      <SectionNav label={label} shape="rail">
        {links}
      </SectionNav>
      <div className={classes.screen}>
        <Outlet />
      </div>
    </div>
  );
}
