import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { problemMessage } from "@/lib/problem-message";
import classes from "./problem-notice.module.css";

interface NoticeProps {
  title: string;
  advice?: string;
  tone?: "coral" | "amber";
  children?: ReactNode;
}

/** A failure in a human sentence; `children` is the way on. */
export function Notice({ title, advice, tone = "coral", children }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role="alert">
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        {advice && <p>{advice}</p>}
      </div>
      {children}
    </div>
  );
}

export function ProblemNotice({ error, children }: { error: unknown; children?: ReactNode }) {
  const { t } = useTranslation();
  if (!error) return null;
  return <Notice {...problemMessage(error, t)}>{children}</Notice>;
}
