import { Problem } from "@arv/api-client";
import { Button } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Brackets } from "@/components/brackets";
import { problemMessage } from "@/lib/problem-message";
import { NotFoundScreen } from "./not-found";
import classes from "./screens.module.css";

/** A screen that could not be shown: why, and how to go on. */
export function ProblemScreen({ error, reset }: Pick<ErrorComponentProps, "error" | "reset">) {
  const { t } = useTranslation();
  const router = useRouter();
  if (error instanceof Problem && error.status === 404) return <NotFoundScreen />;
  const { title, advice } = problemMessage(error, t);
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main className={classes.screen} id="main">
      <div className={classes.frame} aria-hidden="true">
        <Brackets tone="quiet" />…
      </div>
      <h1>{title}</h1>
      <p className={classes.words}>{advice}</p>
      <div className={classes.actions}>
        <Button variant="filled" onClick={again}>
          {t("common.tryAgain")}
        </Button>
        <Button onClick={() => window.location.assign("/")}>{t("notFound.home")}</Button>
      </div>
    </main>
  );
}
