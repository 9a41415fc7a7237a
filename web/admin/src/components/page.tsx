import type { ReactNode } from "react";
import { useDocumentTitle } from "@/lib/use-document-title";
import classes from "./page.module.css";

/** The frame of a screen behind the sign-in; names the browser tab too. */
export function Page({ title, children }: { title: string | undefined; children: ReactNode }) {
  useDocumentTitle(title);
  return (
    <main className={classes.page} id="main" tabIndex={-1}>
      {children}
    </main>
  );
}

interface PageHeaderProps {
  title: ReactNode;
  lead?: ReactNode;
  back?: ReactNode;
  actions?: ReactNode;
  /** The actions are one small button: it stays beside the title at any width. */
  compact?: boolean;
}

export function PageHeader({ title, lead, back, actions, compact }: PageHeaderProps) {
  return (
    <header className={classes.header} data-compact={compact || undefined}>
      <div className={classes.words}>
        {back && <nav>{back}</nav>}
        <h1>{title}</h1>
        {lead && <div className={classes.lead}>{lead}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}

/** Class of a link that leads one step up. */
export const backLinkClass = classes.back;
