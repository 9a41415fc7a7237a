import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./account.module.css";

/** The codes for the day the phone is lost; shown this once. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation("account");
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${codes.join("\n")}\n`)}`;
  return (
    <div className={classes.form}>
      <p className={classes.fact}>{t("twoFactor.keep")}</p>
      <ul className={classes.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={classes.buttons}>
        <Button component="a" href={file} download="arv-recovery-codes.txt">
          {t("twoFactor.saveCodes")}
        </Button>
        <Button variant="filled" onClick={onDone}>
          {t("twoFactor.kept")}
        </Button>
      </div>
    </div>
  );
}
