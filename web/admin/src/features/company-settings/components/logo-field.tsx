import type { Look } from "@arv/api-client";
import { Button, FileButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useChangeLogo } from "../api/look";
import classes from "./look.module.css";

/** The company's logo as viewers see it; a transparent background stays. */
export function LogoField({ companyId, logo }: { companyId: string; logo: Look["logo"] }) {
  const { t } = useTranslation("settings");
  const change = useChangeLogo(companyId);
  return (
    <div className={classes.stack}>
      {logo && (
        <div className={classes.logoNow}>
          <img src={logo.url} alt={t("look.logoNow")} className={classes.logo} />
        </div>
      )}
      <ProblemNotice error={change.error} />
      <div className={classes.buttons}>
        <FileButton
          accept="image/png,image/webp,image/jpeg"
          onChange={(file) => file && change.mutate(file)}
        >
          {(props) => (
            <Button {...props} loading={change.isPending}>
              {t(logo ? "look.replaceLogo" : "look.chooseLogo")}
            </Button>
          )}
        </FileButton>
        {logo && (
          <Button variant="text" onClick={() => change.mutate(null)}>
            {t("look.removeLogo")}
          </Button>
        )}
      </div>
    </div>
  );
}
