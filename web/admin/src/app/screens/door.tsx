import type { ReactNode } from "react";
import { LivingPrint } from "@/components/living-print";
import { Mark } from "@/components/mark";
import { useDocumentTitle } from "@/lib/use-document-title";
import { LanguageControl } from "../shell/language-control";
import classes from "./screens.module.css";

/** The screens before the panel: a print that lives on one side, one small form on the other. */
export function Door(props: { title: string; lead: string; children: ReactNode }) {
  useDocumentTitle(props.title);
  return (
    <div className={classes.split}>
      <div className={classes.art}>
        <LivingPrint />
      </div>
      <main className={classes.side} id="main">
        <div className={classes.form}>
          <header className={classes.heading}>
            <div className={classes.brand}>
              <Mark size={36} /> ARV
            </div>
            <h1>{props.title}</h1>
            <p className={classes.lead}>{props.lead}</p>
          </header>
          {props.children}
        </div>
        <div className={classes.language}>
          <LanguageControl />
        </div>
      </main>
    </div>
  );
}
