import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "./problem-notice";

/** Why something could not be loaded, with the button to ask again. */
export function LoadProblem({ query }: { query: { error: unknown; refetch: () => unknown } }) {
  const { t } = useTranslation();
  return (
    <ProblemNotice error={query.error}>
      <Button size="sm" variant="ink" onClick={() => query.refetch()}>
        {t("common.tryAgain")}
      </Button>
    </ProblemNotice>
  );
}
