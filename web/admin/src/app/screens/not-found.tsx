import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Brackets } from "@/components/brackets";
import { useDocumentTitle } from "@/lib/use-document-title";
import classes from "./screens.module.css";

/** An empty frame: nothing lives at this address. */
export function NotFoundScreen() {
  const { t } = useTranslation();
  useDocumentTitle(t("notFound.title"));
  return (
    <main className={classes.screen} id="main">
      <div className={classes.frame} aria-hidden="true">
        <Brackets tone="coral" />
        404
      </div>
      <h1>{t("notFound.title")}</h1>
      <p className={classes.words}>{t("notFound.words")}</p>
      <Button variant="filled" renderRoot={(props) => <Link to="/" {...props} />}>
        {t("notFound.home")}
      </Button>
    </main>
  );
}
