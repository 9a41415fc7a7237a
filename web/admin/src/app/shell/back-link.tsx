import { IconArrowLeft } from "@tabler/icons-react";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes } from "react";
import { backLinkClass } from "@/components/page";

/** One step up. */
export const BackLink = createLink(
  ({ children, ...anchor }: AnchorHTMLAttributes<HTMLAnchorElement>) => (
    <a {...anchor} className={backLinkClass}>
      <IconArrowLeft size={17} stroke={1.8} aria-hidden /> {children}
    </a>
  ),
);
